// Writes tests/data/slugs.json: headings and the ids that github-slugger gives them.
//
//   npm install --no-save github-slugger@2 && node tools/make_slugs.mjs
//
// "texts" holds [text, id] pairs; "documents" holds [headings, ids] pairs, for repeated headings.

import { writeFileSync } from 'node:fs'
import GithubSlugger, { slug } from 'github-slugger'

const CATEGORIES = (
  'Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co'
).split(' ')
const SAMPLES = 14

const TEXTS = [
  '', ' ', '-', '_', 'Getting Started', 'getting-started', 'Getting  Started', ' leading', 'trailing ',
  'What is this?', 'C++ & C#', 'a/b/c', 'v1.2.3', 'It\'s "quoted"', 'It’s “quoted”', '1. First',
  '2.1 Second', 'foo_bar_baz', 'foo—bar – baz', 'a & b', 'a&b', 'A -- B', 'Q&A (FAQ)', '[x] done',
  'tab\there', 'no\u00a0break', 'thin\u2009space', 'ideographic\u3000space', 'line\nbreak', '100%',
  '$x^2$', '#hash', '@mention', 'e-mail: a@b.example', 'https://a.example/b?c=d#e', 'a=b;c',
  '🚀 Getting started', 'Getting started 🚀', '🚀', '👩‍💻 Work', '🇩🇪 Germany', '1️⃣ One', '❤️ Love',
  ':rocket: Getting started', 'Ärger über Öl', 'ÀÉÎÕÜ', 'straße', 'STRASSE', 'İstanbul', 'ΟΔΟΣ',
  'ΟΔΟΣ ΟΔΟΣ', 'Σ', 'Привет, мир!', 'Ёлка', 'سلام دنیا', 'שלום עולם', 'हिन्दी में', 'ไทย', 'ខ្មែរ',
  '日本語の見出し', 'カタカナ・ひらがな', '한국어 제목', '中文标题', '中文，标题。', '一、简介', '（一）模型',
  '《医疗》大模型', '模型：概述', '【更新】2023', '数据集/Datasets', '２０２３年', 'ＡＢＣ', '〇一二', '々',
  '𝐁𝐨𝐥𝐝', '𠮷野家', 'Ⓐ Ⓩ ⓐ', '🅰️ 🅱', '①②③', 'Ⅷ ⅷ', '½ x²', 'H₂O', 'naïve café', 'e\u0301 x', 'ﬁ',
  'ǅ', 'a\u200bb', 'a\u200db', 'a\u00adb', '\ufeffBOM', '‿ ⁀ ＿', '‐ ‑ ‒ − －', '…', '·', '™ © ®', '→', '✅ ❌',
  'constructor', 'toString', '__proto__', 'hasOwnProperty', 'A'.repeat(300)
]

const DOCUMENTS = [
  ['a', 'a', 'a'], ['a', 'a', 'a-1'], ['a-1', 'a', 'a'], ['a', 'a-1', 'a'], ['a', 'a-1', 'a', 'a'],
  ['A', 'a', 'À', 'à'], ['', '', ''], ['🚀', '🎉', ''], ['模型', '模型', '模型 '], ['a b', 'a-b', 'A B'],
  ['constructor', 'constructor'], ['__proto__', '__proto__'], ['1', '1', '1-1', '1-1'],
  ['x', 'x', 'x-1', 'x-1', 'x-1-1', 'x'], ['a!', 'a?', 'a.'], ['a-1', 'a-1', 'a', 'a', 'a']
]

// Characters newer than the slugger's own tables would be dropped by it and kept by others.
const KEPT = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u
const isKnown = (character) => (slug(character, true) !== '') === (KEPT.test(character) || ' -'.includes(character))

function samples (category) {
  const pattern = new RegExp(`\\p{${category}}`, 'u')
  const all = []
  for (let point = 0x80; point <= 0x10ffff; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue
    const character = String.fromCodePoint(point)
    if (pattern.test(character) && isKnown(character)) all.push(character)
  }
  const step = Math.max(1, all.length / SAMPLES)
  const picked = []
  for (let at = 0; at < all.length && picked.length < SAMPLES; at += step) picked.push(all[Math.floor(at)])
  return picked
}

const ascii = Array.from({ length: 0x80 }, (_, point) => String.fromCodePoint(point))
const texts = [...TEXTS, ...ascii.map((c) => `x${c}y`), ...CATEGORIES.flatMap(samples).map((c) => `x${c}y`)]
const documents = DOCUMENTS.map((headings) => {
  const slugger = new GithubSlugger()
  return [headings, headings.map((heading) => slugger.slug(heading))]
})
const rows = (pairs) => pairs.map((pair) => '    ' + JSON.stringify(pair)).join(',\n')
const json = `{\n  "texts": [\n${rows(texts.map((text) => [text, slug(text)]))}\n  ],\n  "documents": [\n${rows(documents)}\n  ]\n}\n`
// Invisible characters are written as escapes, so that editors and diffs show them.
const visible = json.replace(/[\p{C}\p{Z}\p{M}\ufe0f]/gu, (c) =>
  c === ' ' || c === '\n' ? c : [...Array(c.length).keys()].map((i) => '\\u' + c.charCodeAt(i).toString(16).padStart(4, '0')).join(''))
writeFileSync(new URL('../tests/data/slugs.json', import.meta.url), visible)
