//! Numbers that are written as words, from two to twenty, in English and in Russian: they state as
//! much as digits do.

const ENGLISH: [&str; 19] = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// Those that decline in their own way.
const RUSSIAN: [(u32, &[&str]); 3] = [
    (2, &["два", "две", "двух", "двум", "двумя", "двое", "двоих", "двоим"]),
    (3, &["три", "трёх", "трех", "трём", "трем", "тремя", "трое", "троих"]),
    (4, &["четыре", "четырёх", "четырех", "четырём", "четырьмя", "четверо", "четверых"]),
];

/// The others decline alike.
const RUSSIAN_STEMS: [(&str, u32); 17] = [
    ("пят", 5),
    ("шест", 6),
    ("сем", 7),
    ("восем", 8),
    ("восьм", 8),
    ("девят", 9),
    ("десят", 10),
    ("одиннадцат", 11),
    ("двенадцат", 12),
    ("тринадцат", 13),
    ("четырнадцат", 14),
    ("пятнадцат", 15),
    ("шестнадцат", 16),
    ("семнадцат", 17),
    ("восемнадцат", 18),
    ("девятнадцат", 19),
    ("двадцат", 20),
];
const RUSSIAN_ENDINGS: [&str; 5] = ["ь", "и", "ью", "еро", "ерых"];

/// What lessons count: how the words begin.
const COUNTED: [&str; 50] = [
    "acknowledg",
    "batch",
    "broker",
    "byte",
    "call",
    "client",
    "commit",
    "consumer",
    "controller",
    "copies",
    "follower",
    "group",
    "heartbeat",
    "hour",
    "key",
    "leader",
    "member",
    "message",
    "millisecond",
    "minute",
    "offset",
    "partition",
    "producer",
    "record",
    "replica",
    "request",
    "retries",
    "second",
    "segment",
    "times",
    "topic",
    "байт",
    "вызов",
    "групп",
    "запис",
    "запрос",
    "ключ",
    "клиент",
    "копи",
    "миллисекунд",
    "минут",
    "подтвержден",
    "повтор",
    "раза",
    "реплик",
    "секунд",
    "сегмент",
    "сообщен",
    "участник",
    "часов",
];

/// So many words may stand between a number and what it counts: `three more records`.
const BETWEEN: usize = 2;

/// The number that a word means.
fn meaning(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    if let Some(index) = ENGLISH.iter().position(|known| *known == word) {
        return Some(index as u32 + 2);
    }
    if let Some((number, _)) = RUSSIAN.iter().find(|(_, forms)| forms.contains(&word.as_str())) {
        return Some(*number);
    }
    let is_form =
        |stem: &str| word.strip_prefix(stem).is_some_and(|it| RUSSIAN_ENDINGS.contains(&it));
    RUSSIAN_STEMS.iter().find(|(stem, _)| is_form(stem)).map(|(_, number)| *number)
}

fn is_counted(word: &str) -> bool {
    let word = word.to_lowercase();
    COUNTED.iter().any(|beginning| word.starts_with(beginning))
}

/// The first number written as a word, and what follows it.
pub(super) fn spelt(text: &str) -> Option<(u32, &str)> {
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphabetic) {
        rest = &rest[start..];
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if let Some(number) = meaning(word) {
            return Some((number, after));
        }
        rest = after;
    }
    None
}

/// The first number written as a word that counts something of Kafka's.
pub(super) fn first_counted(text: &str) -> Option<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare =
        |word: &'_ str| -> String { word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned() };
    let ends = |word: &str| word.ends_with(['.', ',', ';', ':', '!', '?', '—', ')']);
    words.iter().enumerate().find_map(|(index, word)| {
        meaning(&bare(word))?;
        // Between two things: that is how the language goes, no count.
        let before = index.checked_sub(1).and_then(|at| words.get(at));
        if before.is_some_and(|it| matches!(bare(it).to_lowercase().as_str(), "between" | "между"))
        {
            return None;
        }
        let mut before = *word;
        for next in words.iter().skip(index + 1).take(BETWEEN + 1) {
            if ends(before) {
                return None;
            }
            if is_counted(&bare(next)) {
                return Some(*word);
            }
            before = next;
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mean_numbers_in_both_languages() {
        for (word, number) in
            [("Three", 3), ("twenty", 20), ("трёх", 3), ("Две", 2), ("девять", 9), ("двадцати", 20)]
        {
            assert_eq!(meaning(word), Some(number), "{word}");
        }
        for word in ["one", "один", "пятый", "often", "семья", "thirds"] {
            assert_eq!(meaning(word), None, "{word}");
        }
        assert_eq!(spelt("about nine seconds"), Some((9, " seconds")));
    }

    #[test]
    fn what_is_counted_has_to_be_kafkas() {
        for (text, word) in [
            ("Each of the three partitions", Some("three")),
            ("Send five more records.", Some("five")),
            ("через девять секунд", Some("девять")),
            ("в одной из двух групп", Some("двух")),
            ("Two sentences", None),
            ("two, and records", None),
            ("a record or two", None),
            ("It crashes between two commits.", None),
        ] {
            assert_eq!(first_counted(text), word, "{text}");
        }
    }
}
