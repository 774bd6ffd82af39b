//! Sorting with little code: the standard library's sort weighs 4 KB for each type, and the page
//! sorts a score of types, none of them long or often.

use std::cmp::Ordering;

/// Sorts stably, by a comparison.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let swaps = swaps(items.len(), &|a, b| compare(&items[a], &items[b]));
    for (place, other) in swaps.into_iter().enumerate() {
        items.swap(place, other);
    }
}

/// Sorts stably, by a key of each item.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// With which place each place, one after the other, has to change items.
fn swaps(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    sort_places(&mut order, compare);
    // Each place takes the item that `order` names. One that was in the way has been swapped to
    // where its place took from, which `order` then names.
    for place in 0..len {
        let mut from = order[place];
        while from < place {
            from = order[from];
        }
        order[place] = from;
    }
    order
}

/// Merges halves: the standard library's is longer than all that sorts with it.
fn sort_places(places: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    if places.len() < 2 {
        return;
    }
    let (left, right) = places.split_at_mut(places.len() / 2);
    sort_places(left, compare);
    sort_places(right, compare);
    let is_after = |a: usize, b: usize| compare(a, b) == Ordering::Greater;
    if !is_after(left[left.len() - 1], right[0]) {
        return;
    }
    let (left, mut merged) = (left.to_vec(), 0);
    let mut rest = left.len();
    for left in left {
        while rest < places.len() && is_after(left, places[rest]) {
            places[merged] = places[rest];
            (merged, rest) = (merged + 1, rest + 1);
        }
        places[merged] = left;
        merged += 1;
    }
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
