//! Texts and their codes: what repeats from record to record is compared and kept as a number.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// A fast hash, seeded anew in every run: nothing may depend on the order of a table that uses it.
pub type Hash = RandomState;

/// A map that is looked into once or more per record.
pub type FastMap<K, V> = hashbrown::HashMap<K, V, Hash>;

/// A set that is looked into once or more per record.
pub type FastSet<K> = hashbrown::HashSet<K, Hash>;

/// Texts by code, each once. Code 0 is the empty text.
#[derive(Clone, Debug)]
pub struct Dictionary {
    texts: Vec<String>,
    codes: HashTable<u32>,
    /// Codes without a text.
    free: Vec<u32>,
    hash: Hash,
}

impl Default for Dictionary {
    fn default() -> Self {
        let mut dictionary =
            Self { texts: Vec::new(), codes: HashTable::new(), free: Vec::new(), hash: Hash::default() };
        dictionary.code("");
        dictionary
    }
}

impl Dictionary {
    /// The code of a text, which is added when it is new.
    pub fn code(&mut self, text: &str) -> u32 {
        let Self { texts, codes, free, hash } = self;
        let next = free.last().copied().unwrap_or(texts.len() as u32);
        let found = codes.entry(
            hash.hash_one(text),
            |code| texts[*code as usize] == text,
            |code| hash.hash_one(texts[*code as usize].as_str()),
        );
        let code = *found.or_insert(next).get();
        if code == next {
            match free.pop() {
                Some(free) => texts[free as usize].push_str(text),
                None => texts.push(text.to_owned()),
            }
        }
        code
    }

    /// Forgets all texts but those with these codes; the codes of the others go to new texts.
    pub fn retain(&mut self, codes: impl Iterator<Item = u32>) {
        let mut used = vec![false; self.texts.len()];
        codes.for_each(|code| used[code as usize] = true);
        self.codes.retain(|code| *code == 0 || used[*code as usize]);
        let texts = (0..).zip(&mut self.texts).zip(used).skip(1);
        for ((code, text), _) in texts.filter(|((_, text), used)| !used && !text.is_empty()) {
            text.clear();
            self.free.push(code);
        }
    }

    /// The code of a text that is known.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.codes.find(self.hash.hash_one(text), |code| self.texts[*code as usize] == text).copied()
    }

    /// The text of a code.
    pub fn text(&self, code: u32) -> &str {
        &self.texts[code as usize]
    }

    /// All texts, by code; empty for codes that are free.
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Takes the texts out, by code.
    pub fn into_texts(self) -> Vec<String> {
        self.texts
    }
}
