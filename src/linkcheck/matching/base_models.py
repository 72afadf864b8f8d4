"""Names of base models: parsing into family, generation and size, and comparison."""

import re
import unicodedata
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
visualglm < chatglm glm: visualglm
codegeex < chatglm: codegeex
baichuan: baichuan
qwen: qwen, tongyi qianwen, qianwen, 通义千问
qwq < qwen: qwq
internlm: internlm
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
grok: grok
olmo: olmo
solar < llama: solar
stable-diffusion: stable diffusion, sd
"""
"""Families: ``family < parents: names``."""

_SIZE_WORDS = word_set("tiny mini small base medium large xl xxl xlarge xxlarge huge")
_WORD_SIZED = word_set(
    "bert roberta xlm-roberta macbert albert deberta distilbert biobert scibert clinicalbert"
    " bluebert pubmedbert linkbert biolinkbert sapbert electra t5 mt5 flan-t5 scifive clinicalt5"
    " bart biobart gpt whisper wav2vec vit xlnet clip"
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
def parse_base_model(text: str) -> BaseModel:
    """Return the parsed name of a base model: a claim of a catalog or an id of a service."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()[:200]
    name = folded.rsplit("/", 1)[-1]
    name = re.sub(r"(?<=\d)[_p](?=\d)", ".", name)
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
    return BaseModel(text, family, relatives, generation, size, experts, word, plain)


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
    """Return whether two names denote one base model."""
    one, two = parse_base_model(claimed), parse_base_model(declared)
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
    "llama chatglm qwen baichuan internlm gemma falcon deepseek vicuna tigerbot aquila"
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
        if {round(one.size), round(two.size)} <= {30, 32, 33} and "llama" in (
            {one.family, two.family} | one.ancestors | two.ancestors
        ):
            return False
        return abs(one.size - two.size) > _SIZE_TOLERANCE * max(one.size, two.size)
    return bool(one.size_word and two.size_word and one.size_word != two.size_word)
