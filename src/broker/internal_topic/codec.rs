//! Bytes of Kafka's non-flexible messages: big-endian integers, length-prefixed strings and arrays.

use std::sync::Arc;

/// Writes fields one after another.
#[derive(Default)]
pub(in crate::broker) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(in crate::broker) fn i16(mut self, value: i16) -> Self {
        self.bytes.extend_from_slice(&value.to_be_bytes());
        self
    }

    pub(in crate::broker) fn i32(mut self, value: i32) -> Self {
        self.bytes.extend_from_slice(&value.to_be_bytes());
        self
    }

    pub(in crate::broker) fn i64(mut self, value: i64) -> Self {
        self.bytes.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// STRING: int16 length, UTF-8.
    pub(in crate::broker) fn string(self, value: &str) -> Self {
        let mut this = self.i16(value.len() as i16);
        this.bytes.extend_from_slice(value.as_bytes());
        this
    }

    /// NULLABLE_STRING: length -1 is null.
    pub(in crate::broker) fn nullable_string(self, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.string(value),
            None => self.i16(-1),
        }
    }

    /// BYTES: int32 length.
    pub(in crate::broker) fn bytes(self, value: &[u8]) -> Self {
        let mut this = self.i32(value.len() as i32);
        this.bytes.extend_from_slice(value);
        this
    }

    /// NULLABLE_BYTES that are null.
    pub(in crate::broker) fn null_bytes(self) -> Self {
        self.i32(-1)
    }

    /// ARRAY: int32 count, then each element.
    pub(in crate::broker) fn array<T>(self, items: &[T], write: impl Fn(Self, &T) -> Self) -> Self {
        let this = self.i32(items.len() as i32);
        items.iter().fold(this, write)
    }

    pub(in crate::broker) fn i8(mut self, value: i8) -> Self {
        self.bytes.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// UNSIGNED_VARINT
    fn uvarint(mut self, mut value: u32) -> Self {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
        self
    }

    /// COMPACT_NULLABLE_STRING: one more than the length, 0 is null.
    pub(in crate::broker) fn compact_nullable_string(self, value: Option<&str>) -> Self {
        let Some(value) = value else { return self.uvarint(0) };
        let mut this = self.uvarint(value.len() as u32 + 1);
        this.bytes.extend_from_slice(value.as_bytes());
        this
    }

    /// COMPACT_ARRAY: one more than the count, then each element.
    pub(in crate::broker) fn compact_array<T>(
        self,
        items: &[T],
        write: impl Fn(Self, &T) -> Self,
    ) -> Self {
        let this = self.uvarint(items.len() as u32 + 1);
        items.iter().fold(this, write)
    }

    /// The end of a flexible structure without tagged fields.
    pub(in crate::broker) fn no_tags(self) -> Self {
        self.uvarint(0)
    }

    /// The end of a flexible structure with one tagged field.
    pub(in crate::broker) fn tag(self, tag: u32, field: &[u8]) -> Self {
        self.tags(&[(tag, field.to_vec())])
    }

    /// The end of a flexible structure with tagged fields.
    pub(in crate::broker) fn tags(self, fields: &[(u32, Vec<u8>)]) -> Self {
        fields.iter().fold(self.uvarint(fields.len() as u32), |this, (tag, field)| {
            let mut this = this.uvarint(*tag).uvarint(field.len() as u32);
            this.bytes.extend_from_slice(field);
            this
        })
    }

    pub(in crate::broker) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads fields one after another; `None` where the bytes end too early or make no sense.
pub(in crate::broker) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(in crate::broker) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    pub(in crate::broker) fn i16(&mut self) -> Option<i16> {
        Some(i16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    pub(in crate::broker) fn i32(&mut self) -> Option<i32> {
        Some(i32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    pub(in crate::broker) fn i64(&mut self) -> Option<i64> {
        Some(i64::from_be_bytes(self.take(8)?.try_into().ok()?))
    }

    pub(in crate::broker) fn i8(&mut self) -> Option<i8> {
        Some(i8::from_be_bytes(self.take(1)?.try_into().ok()?))
    }

    fn uvarint(&mut self) -> Option<u32> {
        let mut value = 0u32;
        for shift in (0..32).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub(in crate::broker) fn compact_nullable_string(&mut self) -> Option<Option<Arc<str>>> {
        let Some(length) = self.uvarint()?.checked_sub(1) else { return Some(None) };
        let bytes = self.take(length as usize)?;
        Some(Some(std::str::from_utf8(bytes).ok()?.into()))
    }

    pub(in crate::broker) fn compact_array<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let count = self.uvarint()?.saturating_sub(1);
        (0..count).map(|_| read(self)).collect()
    }

    /// The end of a flexible structure; its last tagged field, if it has any.
    pub(in crate::broker) fn tag(&mut self) -> Option<Option<Self>> {
        Some(self.tags()?.pop().map(|(_, field)| field))
    }

    /// The end of a flexible structure: its tagged fields.
    pub(in crate::broker) fn tags(&mut self) -> Option<Vec<(u32, Self)>> {
        let count = self.uvarint()?;
        let mut field = || {
            let (tag, length) = (self.uvarint()?, self.uvarint()?);
            Some((tag, Self { rest: self.take(length as usize)? }))
        };
        (0..count).map(|_| field()).collect()
    }

    pub(in crate::broker) fn nullable_string(&mut self) -> Option<Option<Arc<str>>> {
        let length = self.i16()?;
        if length < 0 {
            return Some(None);
        }
        let bytes = self.take(length as usize)?;
        Some(Some(std::str::from_utf8(bytes).ok()?.into()))
    }

    pub(in crate::broker) fn string(&mut self) -> Option<Arc<str>> {
        self.nullable_string()?
    }

    pub(in crate::broker) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.i32()?;
        self.take(length.max(0) as usize)
    }

    pub(in crate::broker) fn array<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let count = self.i32()?;
        (0..count.max(0)).map(|_| read(self)).collect()
    }
}
