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
    hash: Hash,
}

impl Default for Dictionary {
    fn default() -> Self {
        let mut dictionary = Self { texts: Vec::new(), codes: HashTable::new(), hash: Hash::default() };
        dictionary.code("");
        dictionary
    }
}

impl Dictionary {
    /// The code of a text, which is added when it is new.
    pub fn code(&mut self, text: &str) -> u32 {
        let Self { texts, codes, hash } = self;
        let next = texts.len() as u32;
        let found = codes.entry(
            hash.hash_one(text),
            |code| texts[*code as usize] == text,
            |code| hash.hash_one(texts[*code as usize].as_str()),
        );
        let code = *found.or_insert(next).get();
        if code == next {
            texts.push(text.to_owned());
        }
        code
    }

    /// The code of a text that is known.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.codes.find(self.hash.hash_one(text), |code| self.texts[*code as usize] == text).copied()
    }

    /// The text of a code.
    pub fn text(&self, code: u32) -> &str {
        &self.texts[code as usize]
    }

    /// All texts, by code.
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
