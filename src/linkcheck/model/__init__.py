"""The values everything speaks in: frozen, slotted, free of input and output.

Text becomes entries with spans (:mod:`.entry`), links become targets (:mod:`.target`), providers
answer with observations (:mod:`.observation`) that carry neutral facts (:mod:`.facts`), rules turn
entries and evidence into findings (:mod:`.finding`), and a run ends as one :mod:`.result`.
"""
