//! Which keys have records in the retry topic, as far as the redirect topic says.

use crate::engine::SortedMap;
use crate::record::Bytes;

/// By partition and id of the record, its key.
#[derive(Clone, Debug, Default)]
pub(in crate::consumer) struct Redirects(SortedMap<(u16, Bytes), Bytes>);

impl Redirects {
    /// A record with this key is in the retry topic.
    pub(in crate::consumer) fn insert(&mut self, partition: u16, id: Bytes, key: Bytes) {
        self.0.insert((partition, id), key);
    }

    /// A record is there no more. Returns its key, if there is none of it any more.
    pub(in crate::consumer) fn remove(&mut self, partition: u16, id: &Bytes) -> Option<Bytes> {
        let key = self.0.remove(&(partition, id.clone()))?;
        (!self.contains(partition, &key)).then_some(key)
    }

    pub(in crate::consumer) fn contains(&self, partition: u16, key: &Bytes) -> bool {
        self.of(partition).any(|known| known == key)
    }

    /// All of a partition is to be read again.
    pub(in crate::consumer) fn forget(&mut self, partition: u16) {
        self.0.retain(|(of, _), _| *of != partition);
    }

    /// The keys, each once for every record of it.
    pub(in crate::consumer) fn keys(&self) -> impl Iterator<Item = &Bytes> {
        self.0.values()
    }

    fn of(&self, partition: u16) -> impl Iterator<Item = &Bytes> {
        let of_it = self.0.iter().filter(move |((of, _), _)| *of == partition);
        of_it.map(|(_, key)| key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_clear_when_the_last_of_its_records_is() {
        let text = |text: &str| Bytes::from(text.as_bytes());
        let mut redirects = Redirects::default();
        redirects.insert(0, text("orders-0@1"), text("a"));
        redirects.insert(0, text("orders-0@3"), text("a"));
        assert!(redirects.contains(0, &text("a")) && !redirects.contains(1, &text("a")));
        assert_eq!(redirects.remove(0, &text("orders-0@1")), None);
        assert_eq!(redirects.remove(0, &text("orders-0@1")), None, "a tombstone read twice");
        assert_eq!(redirects.remove(0, &text("orders-0@3")), Some(text("a")));
        redirects.insert(0, text("orders-0@5"), text("b"));
        redirects.forget(0);
        assert!(!redirects.contains(0, &text("b")));
    }
}
