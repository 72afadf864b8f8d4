"""Domain values: frozen dataclasses without input or output.

Text becomes entries with spans (:mod:`.entry`), links become targets (:mod:`.target`), providers
answer with observations (:mod:`.observation`) that carry neutral facts (:mod:`.facts`), rules turn
entries and evidence into findings (:mod:`.finding`), and a run ends as one :mod:`.result`.
"""
