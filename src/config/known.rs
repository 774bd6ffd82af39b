//! Is there such a config?

use super::definition::Scope;
use super::exception::ConfigException;
use super::properties::Properties;
use super::tables;

/// Refuses keys that Kafka does not define. Its clients only warn of them in
/// the log, where beginners do not look, so this is an error of ours.
///
/// # Errors
/// The first unknown key, with the nearest known one.
pub fn check_known(scope: Scope, properties: &Properties) -> Result<(), ConfigException> {
    for (name, _) in properties.iter() {
        if tables::find(scope, name).is_none() {
            let message = match nearest(scope, name) {
                Some(other) => format!("Unknown configuration '{name}'; did you mean '{other}'?"),
                None => format!("Unknown configuration '{name}'"),
            };
            return Err(ConfigException::about(name, message));
        }
    }
    Ok(())
}

/// The known name with the fewest letters to change, if that is at most a
/// third of them; of two equally near, the one the model acts on, then the
/// first of the table.
#[must_use]
pub fn nearest(scope: Scope, name: &str) -> Option<&'static str> {
    let wanted = normalized(name);
    tables::definitions(scope)
        .iter()
        .map(|d| (distance(&wanted, d.name.as_bytes()), !d.modelled, d.name))
        .min_by_key(|&(distance, rest, _)| (distance, rest))
        .filter(|&(distance, _, known)| distance * 3 <= known.len().min(wanted.len()))
        .map(|(_, _, known)| known)
}

/// `Linger_MS` and `linger-ms` mean `linger.ms`.
fn normalized(name: &str) -> Vec<u8> {
    let dotted = |b: u8| {
        if matches!(b, b'_' | b'-' | b' ') { b'.' } else { b }
    };
    name.bytes().map(|b| dotted(b.to_ascii_lowercase())).collect()
}

/// The candidate that `name` most likely meant, if at most a third of its letters differ.
pub fn closest<'a>(candidates: impl IntoIterator<Item = &'a str>, name: &str) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (distance(name.as_bytes(), candidate.as_bytes()), candidate))
        .min_by_key(|&(distance, _)| distance)
        .filter(|&(distance, candidate)| distance * 3 <= candidate.len().max(name.len()))
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's edit distance.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let change = diagonal + usize::from(x != y);
            diagonal = *cell;
            left = change.min(left + 1).min(diagonal + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance(b"kitten", b"sitting"), 3);
        assert_eq!(distance(b"", b"abc"), 3);
        assert_eq!(distance(b"acks", b"acks"), 0);
    }

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        assert_eq!(nearest(Scope::Producer, "liger.ms"), Some("linger.ms"));
        assert_eq!(nearest(Scope::Producer, "BATCH_SIZE"), Some("batch.size"));
        assert_eq!(nearest(Scope::Topic, "min.insync.replica"), Some("min.insync.replicas"));
        assert_eq!(nearest(Scope::Consumer, "colour"), None);
    }

    #[test]
    fn the_message_names_both() {
        let properties = Properties::new().with("acks", "1").with("group.di", "g");
        let error = check_known(Scope::Consumer, &properties).unwrap_err();
        assert_eq!(error.to_string(), "ConfigException: Unknown configuration 'acks'");
        let properties = Properties::new().with("group.di", "g");
        let error = check_known(Scope::Consumer, &properties).unwrap_err();
        assert_eq!(error.message, "Unknown configuration 'group.di'; did you mean 'group.id'?");
        assert_eq!(error.name.as_deref(), Some("group.di"));
    }
}
