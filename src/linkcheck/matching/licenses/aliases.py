"""Names of licenses beyond the SPDX identifiers, as people and services write them.

Hugging Face's ids are those its documentation lists for the ``license`` field of a card
(https://huggingface.co/docs/hub/repositories-licenses).
"""

from linkcheck.model.source_text import word_set

PLACEHOLDERS = word_set(
    "noassertion none other unknown unlicensed-unknown n/a na nil null - ? tbd custom proprietary"
    " undefined unspecified no-license see-license see-license-file license license-file"
    " license.md license.txt 无 未知 其他 其它 暂无 未说明 自定义"
)
"""Values that name no license, with spaces replaced by hyphens."""

SPDX_BY_ALIAS = {
    "c-uda": "C-UDA-1.0",
    "odc-by": "ODC-By-1.0",
    "odbl": "ODbL-1.0",
    "pddl": "PDDL-1.0",
    "lgpl-lr": "LGPLLR",
    "bsl-1.0": "BSL-1.0",
}
"""Hugging Face ids that are SPDX licenses under a shorter name; its other SPDX licenses go by
their own identifiers in lower case (there ``bsl-1.0`` is Boost, as in SPDX)."""

HF_FAMILIES = {
    "openrail": "OpenRAIL",
    "bsd": "BSD",
    "cc": "CC",
    "gfdl": "GFDL",
    "gpl": "GPL",
    "lgpl": "LGPL",
}
"""Hugging Face ids of a whole family of licenses."""

MODEL_LICENSES: dict[str, str] = {
    "bigscience-openrail-m": "bigscience openrail m",
    "creativeml-openrail-m": "creativeml openrail m|creative ml openrail m"
    "|stable diffusion openrail",
    "bigscience-bloom-rail": "bigscience bloom rail|bloom rail|bigscience rail|bloom",
    "bigcode-openrail-m": "bigcode openrail m|bigcode open rail m",
    "openrail++": "openrail ++|creativeml openrail ++ m|openrail ++ m|creativeml open rail ++ m"
    "|stable diffusion xl openrail ++",
    "h-research": "h research",
    "intel-research": "intel research|intel research use",
    "apple-ascl": "apple ascl|apple sample code",
    "apple-amlr": "apple amlr|apple ml research|apple machine learning research model",
    "openmdw": "openmdw|open mdw|open model data weights",
    "deepfloyd-if-license": "deepfloyd if|deep floyd if",
    "fair-noncommercial-research-license": "fair noncommercial research|fair nc research"
    "|fair non commercial research",
    "llama": "llama|llama community|meta llama|meta llama community|llama materials",
    "grok2-community": "grok 2 community|grok 2",
    "gemma": "gemma|gemma terms use|google gemma",
    "health-ai-developer-foundations": "health ai developer foundations|hai def",
    "qwen": "qwen|tongyi qianwen|qianwen|qwen community",
    "qwen-research": "qwen research|tongyi qianwen research",
    "chatglm": "chatglm 6b|chatglm|chat glm|chatglm 2 6b|chatglm 3 6b|glm",
    "baichuan": "baichuan|baichuan 2|baichuan community|baichuan 2 community",
    "internlm": "internlm",
    "yi": "yi|yi series models|yi series models community",
    "deepseek": "deepseek|deepseek model",
    "falcon-llm": "falcon llm|falcon 180b tii|tii falcon|tii falcon llm|falcon",
    "mistral-research": "mistral ai research|mrl|mistral research",
    "mistral-non-production": "mistral ai non production|mnpl",
    "stability-community": "stability ai community|stabilityai community|stability community"
    "|stabilityai ai community",
    "stability-nc-research": "stability ai non commercial research community"
    "|stability non commercial research",
    "nvidia-open-model": "nvidia open model|nvidia open model agreement",
    "opt-175b": "opt 175b|opt",
    "jamba-open-model": "jamba open model|jamba",
    "microsoft-research": "microsoft research|msr la|microsoft research terms|msrla",
    "hunyuan-community": "tencent hunyuan community|tencent hunyuan|hunyuan community|hunyuan",
    "exaone": "exaone|exaone ai model|exaone ai model nc",
    "minicpm": "minicpm|general model minicpm|minicpm model",
    "ai2-impact-lr": "ai 2 impact low risk|ai 2 impactlowrisk|ai2 impact low risk",
    "ai2-impact-mr": "ai 2 impact medium risk|ai2 impact medium risk",
    "physionet-credentialed": "physionet credentialed health data|physionet credentialed data use"
    "|physionet credentialed",
    "flux-non-commercial": "flux 1 dev non commercial|flux dev non commercial",
    "modified-mit": "modified mit",
}
"""Licenses of models and data that SPDX does not list, with their names.

Names are without noise words (license, agreement, version, …); a number after a name is its
version.
"""

SPDX_PHRASES: dict[str, str] = {
    "Apache": "apache|apache software|asl|asf|apache foundation|apache software foundation",
    "MIT": "mit|mit expat|expat|x11 mit|massachusetts institute technology",
    "MIT-0": "mit 0|mit no attribution|mit zero",
    "ISC": "isc|internet systems consortium",
    "MPL": "mpl|mozilla|mozilla public",
    "EPL": "epl|eclipse|eclipse public",
    "EUPL": "eupl|european union public",
    "CDDL": "cddl|common development distribution|common development and distribution",
    "AFL": "afl|academic free",
    "OSL": "osl|open software",
    "Artistic": "artistic|perl artistic",
    "ECL": "ecl|educational community",
    "LPPL": "lppl|latex project|latex project public",
    "OFL": "ofl|sil ofl|sil open font|open font",
    "MS-PL": "ms pl|mspl|microsoft public",
    "NCSA": "ncsa|university illinois ncsa|illinois ncsa|uiuc|university illinois",
    "PostgreSQL": "postgresql|postgres",
    "Python": "psf|python software foundation",
    "Zlib": "zlib|zlib png",
    "BSL": "boost|boost software|bsl boost",
    "BUSL": "business source|busl|bsl business source",
    "WTFPL": "wtfpl|do what the fuck you want to|do what fuck you want|do what you want",
    "Unlicense": "unlicense|un",
    "MulanPSL": "mulan psl|mulanpsl|mulan permissive|mulan",
    "MulanPubL": "mulan publ|mulanpubl",
    "ODC-By": "odc by|open data commons by|open data commons attribution|odc attribution",
    "ODbL": "odbl|open database|open data commons open database|odc odbl|odc open database",
    "PDDL": "pddl|open data commons public domain dedication|public domain dedication and"
    "|odc pddl|public domain dedication open data commons",
    "CDLA-Permissive": "cdla permissive|community data permissive"
    "|community data agreement permissive",
    "CDLA-Sharing": "cdla sharing|community data sharing|community data agreement sharing",
    "C-UDA": "c uda|computational use data|computational use of data",
    "etalab": "etalab|etalab ouverte|ouverte|ouverte etalab",
    "OGL-UK": "open government|ogl|ogl uk",
    "Elastic": "elastic|elv",
    "PolyForm-Noncommercial": "polyform noncommercial|polyform non commercial",
    "PolyForm-Small-Business": "polyform small business",
    "CECILL": "cecill",
    "CECILL-B": "cecill b",
    "CECILL-C": "cecill c",
    "Beerware": "beerware|beer ware",
    "Ruby": "ruby",
    "Vim": "vim",
    "W3C": "w3c|w 3 c",
    "MS-RL": "ms rl|msrl|microsoft reciprocal",
    "OpenSSL": "openssl",
    "PHP": "php",
    "CPAL": "cpal|common public attribution",
    "UPL": "upl|universal permissive",
    "HPND": "hpnd|historical permission notice and disclaimer",
    "SSPL": "sspl|server side|server side public",
    "PublicDomain": "public domain|pd|publicdomain|in the public domain",
    "OpenRAIL": "openrail|openrail m|open rail|open rail m|rail|responsible ai",
}
"""SPDX licenses with their names, in the same form."""

NOISE_WORDS = word_set(
    "the a an license licence licenses licences licensed licensing under terms term of this it is"
    " version ver v international unported universal generic intl see file for details released"
    " agreement copyright by-default deed legalcode www https http html htm txt md"
)
"""Words that never distinguish licenses."""

FILLER_WORDS = word_set(
    "open source code software project model models data dataset datasets weights all work works"
    " public in our free"
)
"""Words that rarely distinguish licenses, dropped in a second attempt."""

LICENSE_HOSTS: dict[str, str] = {
    "apache.org": "apache",
    "opensource.org": "",
    "spdx.org": "",
    "choosealicense.com": "",
    "gnu.org": "",
    "creativecommons.org": "cc",
    "mozilla.org": "mpl",
    "eclipse.org": "",
    "unlicense.org": "unlicense",
    "opendatacommons.org": "",
    "llama.meta.com": "",
    "ai.meta.com": "llama",
    "llama.com": "",
    "ai.google.dev": "",
    "developers.google.com": "",
    "license.coscl.org.cn": "",
    "wtfpl.net": "wtfpl",
    "boost.org": "boost",
}
"""Hosts whose URLs name a license, with a word that the path lacks."""

CHINESE_WORDS = (
    ("知识共享", " cc "),
    ("知識共享", " cc "),
    ("创作共用", " cc "),
    ("創用", " cc "),
    ("姓名标示", " by "),
    ("姓名標示", " by "),
    ("署名", " by "),
    ("非商业性使用", " nc "),
    ("非商業性使用", " nc "),
    ("非商业性", " nc "),
    ("非商業性", " nc "),
    ("非商业用途", " nc "),
    ("非商业使用", " nc "),
    ("非商业", " nc "),
    ("禁止演绎", " nd "),
    ("禁止演繹", " nd "),
    ("禁止改作", " nd "),
    ("相同方式共享", " sa "),
    ("相同方式分享", " sa "),
    ("以相同方式共享", " sa "),
    ("公共领域贡献宣告", " zero "),
    ("公共领域", " public domain "),
    ("公有领域", " public domain "),
    ("木兰宽松", " mulan psl "),
    ("木兰公共", " mulan publ "),
    ("宽通用公共", " lesser general public "),
    ("较宽松公共", " lesser general public "),
    ("通用公共", " general public "),
    ("自由文档", " free documentation "),
    ("开放数据库", " open database "),
    ("通义千问", " qwen "),
    ("百川", " baichuan "),
    ("或更高版本", " or later "),
    ("或更新版本", " or later "),
    ("及以上版本", " or later "),
    ("或之后版本", " or later "),
    ("以上版本", " or later "),
    ("仅限", " only "),
    ("许可协议", " license "),
    ("许可证", " license "),
    ("許可證", " license "),
    ("授权协议", " license "),
    ("开源协议", " license "),
    ("協議", " license "),
    ("协议", " license "),
    ("许可", " license "),
    ("授权", " license "),
    ("授權", " license "),
    ("条款", " license "),
    ("国际版", " "),
    ("国际", " "),
    ("国際", " "),
    ("國際", " "),
    ("版本", " version "),
    ("版", " version "),
    ("模型", " model "),
    ("代码", " code "),
    ("开源", " "),
    ("遵循", " "),
    ("采用", " "),
    ("基于", " "),
    ("本项目", " "),
    ("使用", " "),
    ("社区", " community "),
    ("第", " v "),
    ("以", " "),
    ("的", " "),
    ("与", " and "),
    ("和", " and "),
    ("及", " and "),
    ("或者", " or "),
    ("或", " or "),
)
"""Translations of Chinese words in license names, longest first."""
