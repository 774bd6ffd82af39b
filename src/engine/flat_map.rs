/// A hash map from small integers for hot paths: open addressing, one multiplication a hash, no
/// removal. It cannot be walked in an order anyone sees, so it cannot spoil determinism.
#[derive(Clone, Debug)]
pub(super) struct FlatMap<V> {
    /// A power of two of places, at most half of them taken; empty before the first insertion.
    places: Vec<Option<(u64, V)>>,
    len: usize,
}

impl<V> FlatMap<V> {
    pub(super) fn new() -> Self {
        Self { places: Vec::new(), len: 0 }
    }

    #[inline]
    pub(super) fn get(&self, key: u64) -> Option<&V> {
        if self.places.is_empty() {
            return None;
        }
        let (_, value) = self.places[self.find(key)].as_ref()?;
        Some(value)
    }

    /// The value of the key, made by `default` if there is none yet.
    #[inline]
    pub(super) fn entry(&mut self, key: u64, default: impl FnOnce() -> V) -> &mut V {
        if self.len * 2 >= self.places.len() {
            self.grow();
        }
        let place = self.find(key);
        let place = &mut self.places[place];
        self.len += usize::from(place.is_none());
        &mut place.get_or_insert_with(|| (key, default())).1
    }

    /// Changes every value; the order is no business of the caller.
    pub(super) fn for_each_mut(&mut self, change: impl Fn(&mut V)) {
        for (_, value) in self.places.iter_mut().flatten() {
            change(value);
        }
    }

    /// The place of the key, or the free place where it belongs.
    #[inline]
    fn find(&self, key: u64) -> usize {
        let mask = self.places.len() - 1;
        // Fibonacci hashing; the upper half of the product is the well mixed one.
        let mut place = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask;
        while self.places[place].as_ref().is_some_and(|(taken_by, _)| *taken_by != key) {
            place = (place + 1) & mask;
        }
        place
    }

    #[cold]
    fn grow(&mut self) {
        let capacity = (self.places.len() * 2).max(16);
        let old = std::mem::take(&mut self.places);
        self.places.resize_with(capacity, || None);
        for (key, value) in old.into_iter().flatten() {
            let place = self.find(key);
            self.places[place] = Some((key, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::FlatMap;
    use crate::engine::Rng;

    #[test]
    fn agrees_with_a_map() {
        let mut rng = Rng::stream(1, 1);
        let mut map = FlatMap::new();
        let mut model = BTreeMap::new();
        for _ in 0..20_000 {
            let key = rng.next_u64() >> 40 & 0x3_0307;
            assert_eq!(map.get(key), model.get(&key));
            *map.entry(key, || 7) += key;
            *model.entry(key).or_insert(7) += key;
        }
        map.for_each_mut(|value| *value += 1);
        assert!(model.iter().all(|(&key, &value)| map.get(key) == Some(&(value + 1))));
    }
}
