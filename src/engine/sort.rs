//! Sorting with little code: the standard library's sort weighs 4 KB for each type, and the page
//! sorts a score of types, none of them long or often.

use std::cmp::Ordering;

/// Sorts stably, by a comparison.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    sort_places(&mut order, &|a, b| compare(&items[a], &items[b]));
    // Each place takes the item that `order` names. One that was in the way has been swapped to
    // where its place took from, which `order` then names.
    for place in 0..items.len() {
        let mut from = order[place];
        while from < place {
            from = order[from];
        }
        items.swap(place, from);
        order[place] = from;
    }
}

/// Sorts stably, by a key of each item.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// The one sort that there is on the page.
fn sort_places(places: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    places.sort_by(|&a, &b| compare(a, b));
}

#[cfg(test)]
mod tests {
    use super::{sort_by, sort_by_key};
    use crate::engine::Rng;

    #[test]
    fn agrees_with_the_standard_library() {
        let mut rng = Rng::stream(1, 1);
        for len in 0..200 {
            let mut items: Vec<(u64, usize)> =
                (0..len).map(|index| (rng.next_u64() >> 60, index)).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|&(key, _)| key);
            sort_by_key(&mut items, |&(key, _)| key);
            assert_eq!(items, expected);
            expected.reverse();
            sort_by(&mut items, |a, b| b.cmp(a));
            assert_eq!(items, expected);
        }
    }
}
