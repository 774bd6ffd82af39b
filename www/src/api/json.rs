//! Data of the model as JSON, for the browser to read: one crossing into JavaScript for a whole
//! picture, and a fraction of the code that building objects one by one takes.

use std::fmt;

use highwater::scenario::quoted;
use serde::Serialize;
use serde::ser::{self, Serializer};

/// Data as JSON text.
pub fn write(data: &impl Serialize) -> String {
    let mut text = String::new();
    let Ok(()) = data.serialize(Writer(&mut text));
    text
}

/// Writes one value at the end of a text.
struct Writer<'t>(&'t mut String);

/// Writes the values of a list, or the entries of an object, and then its end.
struct Items<'t> {
    text: &'t mut String,
    end: &'static str,
}

/// Nothing goes wrong: there is room for every text, and the model's data have only names as keys.
#[derive(Debug)]
enum Never {}

type Done = Result<(), Never>;

impl<'t> Writer<'t> {
    fn put(self, text: &str) -> Done {
        self.0.push_str(text);
        Ok(())
    }

    /// Opens a list or an object, in one that has the name of an enum's variant for its only key.
    fn open(self, variant: Option<&str>, brackets: [&'static str; 3]) -> Result<Items<'t>, Never> {
        let [begin, end, end_in_variant] = brackets;
        if let Some(variant) = variant {
            self.0.extend(["{", &quoted(variant), ":"]);
        }
        self.0.push_str(begin);
        Ok(Items { text: self.0, end: if variant.is_some() { end_in_variant } else { end } })
    }
}

const LIST: [&str; 3] = ["[", "]", "]}"];
const OBJECT: [&str; 3] = ["{", "}", "}}"];

impl Items<'_> {
    fn next(&mut self) -> Writer<'_> {
        if !self.text.ends_with(['[', '{']) {
            self.text.push(',');
        }
        Writer(self.text)
    }

    fn entry<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Done {
        self.next().0.extend([&quoted(key), ":"]);
        value.serialize(Writer(self.text))
    }

    fn close(self) -> Done {
        Writer(self.text).put(self.end)
    }
}

macro_rules! numbers {
    ($($method:ident($number:ty)),*) => {
        $(fn $method(self, number: $number) -> Done {
            self.put(&number.to_string())
        })*
    };
}

impl<'t> Serializer for Writer<'t> {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Items<'t>;
    type SerializeTuple = Items<'t>;
    type SerializeTupleStruct = Items<'t>;
    type SerializeTupleVariant = Items<'t>;
    type SerializeMap = Items<'t>;
    type SerializeStruct = Items<'t>;
    type SerializeStructVariant = Items<'t>;

    numbers! {
        serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64)
    }

    fn serialize_bool(self, flag: bool) -> Done {
        self.put(if flag { "true" } else { "false" })
    }

    fn serialize_f32(self, number: f32) -> Done {
        self.serialize_f64(f64::from(number))
    }

    fn serialize_f64(self, number: f64) -> Done {
        // The browser prints it, and has no JSON for what is no number either.
        let text = js_sys::JSON::stringify(&number.into());
        self.put(&text.map_or_else(|_| "null".to_owned(), String::from))
    }

    fn serialize_char(self, char: char) -> Done {
        self.serialize_str(char.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Done {
        self.put(&quoted(text))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Done {
        self.collect_seq(bytes)
    }

    fn serialize_none(self) -> Done {
        self.put("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.put("null")
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Done {
        self.put("null")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        let mut object = self.open(None, OBJECT)?;
        object.entry(variant, value)?;
        object.close()
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Items<'t>, Never> {
        self.open(None, LIST)
    }

    fn serialize_tuple(self, _len: usize) -> Result<Items<'t>, Never> {
        self.open(None, LIST)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items<'t>, Never> {
        self.open(None, LIST)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'t>, Never> {
        self.open(Some(variant), LIST)
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Items<'t>, Never> {
        self.open(None, OBJECT)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items<'t>, Never> {
        self.open(None, OBJECT)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'t>, Never> {
        self.open(Some(variant), OBJECT)
    }
}

macro_rules! lists {
    ($($room:ident :: $method:ident),*) => {
        $(impl ser::$room for Items<'_> {
            type Ok = ();
            type Error = Never;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
                value.serialize(self.next())
            }

            fn end(self) -> Done {
                self.close()
            }
        })*
    };
}

macro_rules! objects {
    ($($room:ident),*) => {
        $(impl ser::$room for Items<'_> {
            type Ok = ();
            type Error = Never;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Done {
                self.entry(key, value)
            }

            fn end(self) -> Done {
                self.close()
            }
        })*
    };
}

lists! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
}
objects! { SerializeStruct, SerializeStructVariant }

impl ser::SerializeMap for Items<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        key.serialize(self.next())?;
        Writer(self.text).put(":")
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        value.serialize(Writer(self.text))
    }

    fn end(self) -> Done {
        self.close()
    }
}

impl ser::Error for Never {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        unreachable!("the model's data can be written: {reason}")
    }
}

impl std::error::Error for Never {}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

#[cfg(test)]
mod tests {
    use highwater::history::{Run, Scenario};
    use highwater::record::RecordId;
    use serde_json::{Value, from_str, to_value};

    use super::*;

    fn agrees(data: &impl Serialize) {
        let ours: Value = from_str(&write(data)).expect("JSON");
        assert_eq!(ours, to_value(data).expect("JSON"));
    }

    #[test]
    fn what_can_be_asked_of_a_run_is_written_as_serde_json_does() {
        let scenario = Scenario::parse(include_str!("../../../scenarios/default.toml"));
        let mut run = Run::new(scenario.expect("the default scene parses"));
        for until_s in [0, 2, 10] {
            run.run_until(until_s * 1_000_000, u64::MAX);
            agrees(&run.view());
            agrees(&run.verdict());
            agrees(&run.metrics());
            agrees(&run.messages());
            agrees(&run.ledger().fate(RecordId(0)));
        }
    }

    #[test]
    fn every_kind_of_data() {
        #[derive(Serialize)]
        enum Kind {
            Unit,
            Newtype(u8),
            Tuple(i64, Option<bool>),
            Struct { text: String, list: Vec<()> },
        }
        let text = "\"quoted\" \\ \n\t\r\u{1}\u{7f} é 漢".to_owned();
        agrees(&[Kind::Unit, Kind::Newtype(255), Kind::Tuple(i64::MIN, None)]);
        agrees(&Kind::Struct { text: text.clone(), list: vec![(), ()] });
        agrees(&std::collections::BTreeMap::from([
            ("", vec![]),
            ("a:", vec!['[']),
            (&text, vec![]),
        ]));
        agrees(&(u64::MAX, -1, [0_u8; 0], "", Some("{")));
    }
}
