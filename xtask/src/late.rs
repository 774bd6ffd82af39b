//! Which functions come after the page has opened: those of the rooms in `late_rooms.txt`.

/// A room, a type or a function on each line; `!` before one that stays.
const ROOMS: &str = include_str!("late_rooms.txt");

/// Code that is much alike for all types: what is left of it once equal functions are merged bears
/// the name of any of them.
const SHARED: [&str; 6] = [
    "alloc::raw_vec",
    "alloc::rc",
    "alloc::sync",
    "core::cell",
    "core::ptr::drop",
    "yew::functional",
];

/// The same by what a name has in it.
const SHARED_WITHIN: [&str; 4] = ["Drop>::drop", "DropGuard", ">>::reserve", "IndexMut<usize>"];

/// Whether a function, by its name, is in a late room.
pub fn is_late(name: &str) -> bool {
    let name = without_hashes(name);
    let path = name.trim_start_matches(['<', '&']);
    if SHARED.iter().any(|shared| path.starts_with(shared))
        || SHARED_WITHIN.iter().any(|shared| name.contains(shared))
    {
        return false;
    }
    // What a library makes for one of our types belongs to that.
    let owner = name.find("highwater").map_or(path, |at| &name[at..]);
    let lines = || ROOMS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let stays = lines().filter_map(|line| line.strip_prefix('!')).any(|it| owner.starts_with(it));
    !stays && lines().any(|room| owner.starts_with(room))
}

/// A name without the hashes that tell two versions of a crate apart.
pub fn without_hashes(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        rest = match after.split_once(']') {
            Some((hash, behind)) if is_hash(hash) => behind,
            _ => {
                plain.push('[');
                after
            }
        };
    }
    plain + rest
}

fn is_hash(text: &str) -> bool {
    text.len() > 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_late_with_what_is_made_for_them() {
        let lesson = "<alloc[0123456789abcdef]::vec::Vec<highwater[fedcba9876543210]::lesson::file::Goal>>::push";
        assert!(is_late(lesson));
        assert!(is_late(
            "<highwater[fedcba9876543210]::lesson::file::Goal as core::clone::Clone>::clone"
        ));
        assert!(!is_late("<highwater::engine::event_queue::EventQueue<u8>>::pop"));
        assert!(!is_late("core::ptr::drop_in_place::<highwater::lesson::file::Goal>"), "merged");
    }

    #[test]
    fn only_hashes_are_taken_from_names() {
        let name = "<[u8; 4usize] as a[0123456789abcdef]::B>::c[not a hash]";
        assert_eq!(without_hashes(name), "<[u8; 4usize] as a::B>::c[not a hash]");
    }
}
