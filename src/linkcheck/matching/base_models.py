"""Names of base models: parsing into family, generation and size, and comparison."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from linkcheck.model.source_text import word_set


class BaseModelRelation(StrEnum):
    """The relation of two names of base models."""

    SAME = "same"
    """The same model; spellings and variants (chat, base, a revision) do not count."""
    DIFFERENT = "different"
    """Another family, generation or size."""
    UNKNOWN = "unknown"
    """Undecided: a name is unknown or incomplete, or one was derived from the other."""


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A parsed name of a base model."""

    text: str
    family: str | None
    """The family, or ``None`` if it is not known."""
    ancestors: frozenset[str] = frozenset()
    """The families it was derived from, by its name and the table of families."""
    generation: str = ""
    size: float | None = None
    """Billions of parameters; of one expert in a mixture of experts."""
    max_size: float | None = None
    """The largest size, if a range is given."""
    experts: int = 1
    size_word: str = ""
    """``base``, ``large`` …, in families that name their sizes."""
    residual_name: str = ""
    """The name without size, variant and owner."""


_FAMILIES = """
llama: llama, huggyllama, open llama, openllama
alpaca < llama: alpaca, stanford alpaca
chinese-llama-alpaca < llama alpaca: chinese llama alpaca, chinese alpaca plus, chinese llama plus,
 chinese alpaca, chinese llama, chinese alpaca pro
vicuna < llama: vicuna
chinese-vicuna < llama vicuna: chinese vicuna
guanaco < llama: guanaco
wizardlm < llama: wizardlm, wizard lm
koala < llama: koala
codellama < llama: codellama, code llama
tulu < llama: tulu
orca < llama mistral: orca
nous-hermes < llama mistral: hermes, nous hermes
openhermes < mistral: openhermes
openchat < llama mistral: openchat
xwin < llama: xwin
wizardcoder < starcoder codellama llama: wizardcoder
wizardmath < llama mistral: wizardmath
baize < llama: baize
linly < llama: linly
llama-guard < llama: llama guard
swallow < llama mistral: swallow
elyza < llama: elyza
asclepius < llama: asclepius
clinical-camel < llama: clinical camel
ziya < llama: ziya
cama < llama: cama
tigerbot < bloom llama: tigerbot
belle < bloom llama: belle
pmc-llama < llama: pmc llama
medllama < llama: medllama, med llama
medalpaca < llama alpaca: medalpaca
chatdoctor < llama: chatdoctor
llava < llama vicuna mistral qwen: llava
llava-med < llava llama vicuna mistral: llava med
minigpt < vicuna llama blip: minigpt, mini gpt
glm: glm
chatglm < glm: chatglm, chat glm
cogvlm < vicuna llama: cogvlm
visualglm < chatglm glm: visualglm
codegeex < chatglm: codegeex
baichuan: baichuan
qwen: qwen, tongyi qianwen, qianwen, 通义千问
qwq < qwen: qwq
qvq < qwen: qvq
internlm: internlm
internvl < internlm qwen: internvl
internlm-xcomposer < internlm: internlm xcomposer
yi: yi
deepseek: deepseek
minicpm: minicpm
cpm: cpm
pangu: pangu, 盘古
yuan: yuan
ernie: ernie
wenxin: wenxin, 文心
aquila: aquila
skywork: skywork
xverse: xverse
moss: moss
chatyuan: chatyuan
phoenix < bloom: phoenix
bloom: bloom
bloomz < bloom: bloomz
opt: opt
galactica: galactica
gpt-neox: gpt neox, neox
gpt-neo: gpt neo
gpt-j: gpt j, gptj
gpt: gpt, chatgpt
openai-gpt: openai gpt
gpt-oss: gpt oss
instructgpt < gpt: instructgpt
pythia < gpt-neox: pythia
dolly < pythia gpt-j: dolly
mpt: mpt
falcon: falcon
mistral: mistral
mixtral < mistral: mixtral
zephyr < mistral: zephyr
biomistral < mistral: biomistral
meditron < llama: meditron
gemma: gemma
medgemma < gemma: medgemma
paligemma < gemma: paligemma
codegemma < gemma: codegemma
gemini: gemini
claude: claude
phi: phi
palm: palm
med-palm < palm: med palm, medpalm
flan-palm < palm: flan palm
flan-t5 < t5: flan t 5, flan t5
mt5 < t5: mt 5
scifive < t5: scifive
clinicalt5 < t5: clinicalt 5, clinical t 5
t5: t 5
bart: bart
biobart < bart: biobart
bert: bert
roberta: roberta
xlm-roberta < roberta: xlm roberta, xlm r
macbert < bert: macbert
albert < bert: albert
bioalbert < albert: bioalbert
deberta: deberta
distilbert < bert: distilbert
biobert < bert: biobert
scibert < bert: scibert
clinicalbert < bert biobert: clinicalbert, clinical bert, bio clinicalbert, bio clinical bert
bluebert < bert: bluebert
pubmedbert < bert: pubmedbert, biomedbert, biomednlp pubmedbert, biomednlp biomedbert
linkbert < bert: linkbert
biolinkbert < linkbert pubmedbert bert: biolinkbert
sapbert < pubmedbert bert: sapbert
electra: electra
xlnet: xlnet
elmo: elmo
megatron: megatron
clip: clip
blip: blip
flamingo: flamingo
openflamingo < flamingo llama mpt: openflamingo, open flamingo
stablelm: stablelm
codex < gpt: codex
transformer-xl: transformer xl
vit: vit
whisper: whisper
wav2vec: wav 2 vec
esm: esm
starcoder: starcoder
santacoder: santacoder
codegen: codegen
codet5 < t5: codet 5
byt5 < t5: byt 5
longt5 < t5: longt 5
grok: grok
olmo: olmo
solar < llama: solar
stable-diffusion: stable diffusion, sd
sdxl: sdxl, stable diffusion xl
flux: flux
dinov2: dinov 2
siglip: siglip
sam: segment anything, sam vit
swin: swin, swinv 2
convnext: convnext
resnet: resnet
modernbert: modernbert
longformer: longformer
bigbird: bigbird, big bird
mobilebert < bert: mobilebert
tinybert < bert: tinybert
mbert < bert: mbert
legalbert < bert: legalbert, legal bert
finbert < bert: finbert
tinyllama < llama: tinyllama
mobilellama < llama: mobilellama
openelm: openelm
smollm: smollm
nemotron: nemotron
granite: granite
exaone: exaone
command-r: command r
aya: aya
dbrx: dbrx
jamba: jamba
mamba: mamba
rwkv: rwkv
kimi: kimi
hunyuan: hunyuan
minimax: minimax
telechat: telechat
orion: orion
cerebras-gpt < gpt: cerebras gpt
redpajama < gpt-neox: redpajama
replit: replit
persimmon: persimmon
idefics < llama mistral: idefics
florence: florence
rinna: rinna
plamo: plamo
"""
"""Families: ``family < parents: names``."""

_SIZE_WORDS = word_set("tiny mini small base medium large xl xxl xlarge xxlarge huge")
_WORD_SIZED = word_set(
    "bert roberta xlm-roberta macbert albert deberta distilbert biobert scibert clinicalbert"
    " bluebert pubmedbert linkbert biolinkbert sapbert electra t5 mt5 flan-t5 scifive clinicalt5"
    " bart biobart gpt whisper wav2vec vit xlnet clip phi mobilebert modernbert longformer sam"
    " swin convnext codet5 byt5 longt5 granite"
)
_VARIANT_WORDS = word_set(
    "base chat instruct it hf lora adapter gptq awq gguf ggml int4 int8 fp16 bf16 delta merged sft"
    " rlhf dpo v plus pro model the original pretrained uncased cased finetuned tuned"
)
_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[\u3400-\u9fff]+")
_SIZE = re.compile(
    r"(?<![\d.a-z])(?:(\d+)\s?[x×]\s?)?(\d+(?:\.\d+)?)\s?-?"
    r"(b|m|billion|million)(\d)?(?![a-z])"
)


_SIZE_TEXT = r"(?:\d+\s?[x×]\s?)?\d+(?:\.\d+)?\s?-?(?:b|m|billion|million)\d?"
_RANGE = re.compile(rf"({_SIZE_TEXT})\s*(?:-|–|—|~|\bto\b|至|到)\s*({_SIZE_TEXT})(?![a-z])")
_HYPHENATED_VERSION = re.compile(r"(?<=[a-z\-_ ])(\d)-(\d)(?=[-_\s]|$)(?![-_\s]?b\b)")
_GLUED = re.compile(r"(?<=[a-z]{2})([1-9]?)(\d{1,2}b)(?![a-z\d])")
"""A family with the digits of its generation and size behind it: ``llama370b``."""
_JOINED = re.compile(r"\s*(?:[,;|&、，；]|\s\+\s|\b(?:and|or)\b|[和与及或/])\s*")


@cache
def _families() -> tuple[tuple[tuple[str, ...], str, frozenset[str]], ...]:
    """Return (words of a name, family, parents), longest names first."""
    rows = []
    for line in _FAMILIES.replace("\n ", " ").strip().splitlines():
        head, _, names = line.partition(": ")
        family, _, parents = head.partition(" < ")
        made_from = frozenset(parents.split())
        rows += [(tuple(_TOKEN.findall(name)), family, made_from) for name in names.split(",")]
    return tuple(sorted(rows, key=lambda row: -sum(map(len, row[0]))))


@cache
def _ancestors(family: str) -> frozenset[str]:
    direct = next((parents for _, name, parents in _families() if name == family), frozenset())
    return direct.union(*(_ancestors(parent) for parent in direct)) if direct else direct


@lru_cache(maxsize=4096)
def parse_base_models(text: str) -> tuple[BaseModel, ...]:
    """Return the alternatives that a text names: several models, or one in several sizes.

    ``Llama 2 | Llama 3``, ``Llama-2 (7B, 13B)``, ``T5-base/large``. Digits without a separator may
    be a size or a generation and a size: ``llama213b`` is parsed both ways.
    """
    found: list[BaseModel] = []
    head = ""
    for part in _parts(text):
        whole = f"{head} {part}" if head and _is_size(part) else part
        head = _without_size(whole)
        found += [parse_base_model(reading) for reading in _readings(whole)]
    return tuple(found) or (parse_base_model(text),)


def _parts(text: str) -> list[str]:
    """Return the names and sizes that a text joins; an ``owner/name`` is not split."""
    folded = unicodedata.normalize("NFKC", text).casefold()[:200]
    parts = [part for part in _JOINED.split(folded) if part.strip()]
    if re.fullmatch(r"\s*[\w.\-]+/[\w.\-]+\s*", folded):
        owner, name = folded.split("/")
        families = [_find_family(_TOKEN.findall(side))[0] for side in (owner, name)]
        is_owner = not families[0] or families[0] == families[1] or families[1] is None
        return [folded] if is_owner and not _is_size(name) else [owner, name]
    if len(parts) > 6 or (len(parts) > 1 and "/" in folded and re.search(r"\w/\w+-", folded)):
        return [part for part in re.split(r"\s*[,;|&、，；]\s*", folded) if part.strip()]
    return parts


def _is_size(part: str) -> bool:
    """Return whether a text is only a size, a range of sizes or a word for a size."""
    plain = part.strip(" ()[]（）-~+")
    return plain in _SIZE_WORDS or bool(re.fullmatch(_SIZE_TEXT, plain) or _RANGE.fullmatch(plain))


def _without_size(part: str) -> str:
    """Return a name up to its size, to be completed by another one."""
    match = re.search(rf"[\s\-_(\[（]*(?:{_SIZE_TEXT})(?![a-z])", part)
    if match:
        return part[: match.start()]
    words = re.split(r"[\s\-_]+", part.strip())
    return " ".join(words[:-1] if words and words[-1] in _SIZE_WORDS else words)


def _readings(part: str) -> Iterator[str]:
    """Yield a name, with the digits glued to it separated in every sensible way."""
    glued = _GLUED.search(part)
    if glued is None or not _find_family(_TOKEN.findall(part[: glued.start()]))[0]:
        yield part
        return
    generation, size = glued.groups()
    before, behind = part[: glued.start()], part[glued.end() :]
    yield f"{before} {generation}{size}{behind}"
    if generation:
        yield f"{before} {generation} {size}{behind}"


@lru_cache(maxsize=4096)
def parse_base_model(text: str) -> BaseModel:
    """Return the parsed name of one base model: a claim of a catalog or an id of a service."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()[:200]
    name = folded.rsplit("/", 1)[-1]
    name = re.sub(r"(?<=\d)[_p](?=\d)", ".", name)
    name = _HYPHENATED_VERSION.sub(r"\1.\2", name)
    largest = None
    if sizes := _RANGE.search(name):
        if (last := _SIZE.search(sizes.group(2))) is not None:
            largest = _parse_size(last)[0]
        name = name[: sizes.end(1)] + name[sizes.end() :]
    sized = re.sub(r"[_\-()（）]", " ", name)
    match = _SIZE.search(sized)
    size, experts = _parse_size(match) if match else (None, 1)
    before = sized[: match.start()] if match else sized
    behind = sized[match.end() :] if match else ""
    tokens = [*_TOKEN.findall(before), "|", *_TOKEN.findall(behind)]
    family, generation, others = _find_family(tokens)
    plain = "".join(
        t for t in tokens if t != "|" and t not in _VARIANT_WORDS and not t[0].isdigit()
    )
    word = ""
    if family in _WORD_SIZED:
        word = next((t for t in tokens if t in _SIZE_WORDS), "")
    relatives = others.union(*(_ancestors(one) for one in (*others, *([family] if family else []))))
    return BaseModel(text, family, relatives, generation, size, largest, experts, word, plain)


def _parse_size(match: re.Match[str]) -> tuple[float, int]:
    experts, number, unit, tenth = match.groups()
    size = float(f"{number}.{tenth}") if tenth and "." not in number else float(number)
    return (size / 1000 if unit.startswith("m") else size), int(experts or 1)


def _find_family(tokens: list[str]) -> tuple[str | None, str, frozenset[str]]:
    """Return the most derived family named, its generation, and the other families named."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    for name, family, _ in _families():
        for start in range(len(tokens) - len(name) + 1):
            places = set(range(start, start + len(name)))
            if tuple(tokens[start : start + len(name)]) == name and not places & taken:
                taken |= places
                found.setdefault(family, start + len(name))
    if not found:
        return None, "", frozenset()
    derived = [f for f in found if not any(f in _ancestors(other) for other in found)]
    first = min(derived, key=lambda f: found[f])
    return first, _generation(tokens, found[first]), frozenset(found) - {first}


def _generation(tokens: list[str], start: int) -> str:
    """Return the number right after the family's name."""
    rest = [t for t in tokens[start : start + 2] if t != "v"]
    if rest and rest[0][0].isdigit():
        return re.sub(r"\.0$", "", rest[0])
    return ""


def compare_base_models(claimed: str, declared: str) -> BaseModelRelation:
    """Return whether two texts name the same base model; of several alternatives, one is enough."""
    relations = {
        _compare(one, two)
        for one in parse_base_models(claimed)
        for two in parse_base_models(declared)
    }
    for relation in (BaseModelRelation.SAME, BaseModelRelation.UNKNOWN):
        if relation in relations:
            return relation
    return BaseModelRelation.DIFFERENT


def _compare(one: BaseModel, two: BaseModel) -> BaseModelRelation:
    if one.family is None or two.family is None:
        return _compare_unknown(one, two)
    if one.family != two.family:
        related = one.family in two.ancestors or two.family in one.ancestors
        if related:
            return (
                BaseModelRelation.DIFFERENT
                if _sizes_differ(one, two)
                else BaseModelRelation.UNKNOWN
            )
        return BaseModelRelation.DIFFERENT
    if _generations_differ(one, two) or _sizes_differ(one, two):
        return BaseModelRelation.DIFFERENT
    if (one.size is None) != (two.size is None) or one.generation != two.generation:
        return BaseModelRelation.UNKNOWN
    return BaseModelRelation.SAME


def share_family(one: str, two: str) -> bool:
    """Return whether two texts name models of one family."""
    families = {model.family for model in parse_base_models(one)} - {None}
    return any(model.family in families for model in parse_base_models(two))


def is_bare_family_name(model: BaseModel) -> bool:
    """Return whether a name is a known family and nothing more: ``ChatGLM-6B``."""
    if model.family is None:
        return False
    left = model.residual_name.removesuffix(model.size_word)
    return left == "".join(c for c in model.family if c.isalpha())


def _compare_unknown(one: BaseModel, two: BaseModel) -> BaseModelRelation:
    if one.residual_name and one.residual_name == two.residual_name:
        return BaseModelRelation.DIFFERENT if _sizes_differ(one, two) else BaseModelRelation.SAME
    return BaseModelRelation.UNKNOWN


_FIRST_GENERATION_UNNUMBERED = word_set(
    "llama chatglm qwen baichuan internlm gemma falcon deepseek vicuna tigerbot aquila yi olmo"
    " starcoder minicpm skywork xverse telechat orion tulu"
)
"""Families whose first generation has no number."""


def _generations_differ(one: BaseModel, two: BaseModel) -> bool:
    if one.generation == two.generation:
        return False
    if one.generation and two.generation:
        first = {"", "1"}
        return not ({one.generation, two.generation} <= first)
    numbered, open_one = (one, two) if one.generation else (two, one)
    if numbered.generation == "1" or open_one.family not in _FIRST_GENERATION_UNNUMBERED:
        return False
    return open_one.size is not None


_SIZE_TOLERANCE = 0.06
"""Names round sizes: 6.7 and 7.1 become 7."""


def _sizes_differ(one: BaseModel, two: BaseModel) -> bool:
    if one.size is not None and two.size is not None:
        if one.experts != two.experts:
            return True
        if one.max_size is not None or two.max_size is not None:
            return max(one.size, two.size) > 1.06 * min(
                one.max_size or one.size, two.max_size or two.size
            )
        if {round(one.size), round(two.size)} <= {30, 32, 33} and "llama" in (
            {one.family, two.family} | one.ancestors | two.ancestors
        ):
            return False
        return abs(one.size - two.size) > _SIZE_TOLERANCE * max(one.size, two.size)
    return bool(one.size_word and two.size_word and one.size_word != two.size_word)
