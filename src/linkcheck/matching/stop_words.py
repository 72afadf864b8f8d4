"""Stop words, generic words and affixes for matching names and titles."""

from linkcheck.model.source_text import word_set

STOP_WORDS = word_set(
    "a an the of for from to in on by with via using use and or as at is are be be its their our it"
    " into towards toward through without within over under between can do does how what which when"
    " this that not no new based vs versus you your we they all more than about across beyond"
    " again also any both each i if may one two three really"
)
"""Function words, which have no weight in a title."""

GENERIC_WORDS = STOP_WORDS | word_set(
    # machine learning
    "ai nlp ml dl llm llms lm lms plm plms vlm vlms slm mllm lmm rl rlhf sft cot rag gpt chatgpt"
    " bert llama glm chatglm t5 bart clip net nets rnn cnn gan transformer transformers"
    " model models modeling modelling language languages large small big tiny mini scale scaling"
    " foundation foundational neural network networks deep machine learning learn learned learner"
    " learners artificial intelligence intelligent agent agents system systems framework method"
    " methods approach approaches technique algorithm algorithms embedding embeddings"
    " representation representations attention self supervised unsupervised semi weakly weak zero"
    " few shot shots contrastive generative generation generating generator generate pretrained"
    " pretraining pre trained training train tuning tuned fine finetuned finetuning instruction"
    " instructions instruct prompt prompting prompts reasoning alignment aligned aligning chat"
    " chatbot dialog dialogs dialogue dialogues conversation conversations conversational assistant"
    " question questions answer answers answering qa retrieval augmented knowledge graph graphs kg"
    " information extraction relation relations entity entities linking recognition classification"
    " text texts textual document documents sentence sentences word words token tokens corpus"
    " corpora summarization summarization translation semantic multi modal multimodal vision visual"
    " image images video speech audio cv cross lingual multilingual bilingual english"
    " chinese zh en cn"
    " human feedback preference preferences reward reinforcement policy"
    # evaluation and software
    " improve improved improving improvement enhance enhancing enhanced advance advancing build"
    " building make making measure measuring evaluate evaluating evaluation evaluations eval evals"
    " benchmark benchmarks benchmarking test tests testing study studies survey review overview"
    " systematic"
    " comprehensive analysis case report technical towards open source opensource free public"
    " publicly available release data dataset datasets database base set collection resource"
    " resources tool tools toolkit library platform pipeline code codes project repo repository"
    " official implementation pytorch tensorflow paper papers app web site demo api"
    " github hub awesome"
    " list v0 v1 v2 v3 v4 version final main master dev lab labs research team group"
    " university institute task tasks domain specific general generalist universal"
    " unified efficient effective"
    " fast robust simple novel better state art end application applications performance powerful"
    " high low level expert real world time online user users community science scientific problem"
    " problems challenge challenges understanding interpretable explainable trustworthy responsible"
    " adaptation adapting adapt transfer federated distillation lora adapter plus pro max"
    " lite ultra"
    " base chat hf beta alpha cot sum qas"
    # types of publications
    " position perspective perspectives commentary editorial erratum correction viewpoint tutorial"
    " primer introduction opinion letter reply roadmap lessons guide guidelines workshop"
    " proceedings"
    " findings shared status progress outlook correspondence comment response"
    # medicine and biology
    " medical medicine med meds clinical clinic clinician clinicians health healthcare care doctor"
    " doctors physician patient patients hospital disease diseases diagnosis diagnostic diagnostics"
    " treatment therapy drug drugs bio biology biological biomed biomedical biomedicine pubmed"
    " pharma molecule molecular protein proteins gene genes genomic genomics cell cells rna dna"
    " structure structures structural prediction predicting predict function functions sequence"
    " sequences folding fold single antibody ehr emr electronic record records note notes"
    " radiology radiologist radiograph radiographs xray ray chest ct mri pathology ophthalmology"
    " dental cancer mental psychological psychology counseling consultation consult tcm"
    " traditional exam examination licensing usmle nursing surgery pediatric public-health"
)
"""Words that many names and titles of the field contain."""

NAME_AFFIXES = (
    "gpt",
    "bert",
    "llama",
    "chatglm",
    "glm",
    "llm",
    "lm",
    "med",
    "medical",
    "clinical",
    "bio",
    "biomed",
    "chat",
    "doctor",
    "open",
    "chinese",
    "health",
    "pub",
    "qa",
    "net",
    "former",
    "bench",
    "data",
    "instruct",
    "vlm",
    "clip",
    "bart",
    "t5",
    "alpaca",
    "vicuna",
    "mistral",
    "qwen",
    "llava",
    "palm",
    "bloom",
    "dialog",
    "dialogue",
    "sum",
    "ner",
    "nli",
    "kg",
    "cxr",
    "ehr",
    "rad",
    "visual",
    "mini",
    "tiny",
    "large",
    "base",
    "multi",
)
"""Parts that many names of systems contain; the rest of a name is distinctive."""
