//! Bytes of Kafka's non-flexible messages: big-endian integers, length-prefixed strings and arrays.

use std::sync::Arc;

/// Writes fields one after another.
#[derive(Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn i16(mut self, value: i16) -> Self {
        self.bytes.extend_from_slice(&value.to_be_bytes());
        self
    }

    pub(super) fn i32(mut self, value: i32) -> Self {
        self.bytes.extend_from_slice(&value.to_be_bytes());
        self
    }

    pub(super) fn i64(mut self, value: i64) -> Self {
        self.bytes.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// STRING: int16 length, UTF-8.
    pub(super) fn string(self, value: &str) -> Self {
        let mut this = self.i16(value.len() as i16);
        this.bytes.extend_from_slice(value.as_bytes());
        this
    }

    /// NULLABLE_STRING: length -1 is null.
    pub(super) fn nullable_string(self, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.string(value),
            None => self.i16(-1),
        }
    }

    /// BYTES: int32 length.
    pub(super) fn bytes(self, value: &[u8]) -> Self {
        let mut this = self.i32(value.len() as i32);
        this.bytes.extend_from_slice(value);
        this
    }

    /// NULLABLE_BYTES that are null.
    pub(super) fn null_bytes(self) -> Self {
        self.i32(-1)
    }

    /// ARRAY: int32 count, then each element.
    pub(super) fn array<T>(self, items: &[T], write: impl Fn(Self, &T) -> Self) -> Self {
        let this = self.i32(items.len() as i32);
        items.iter().fold(this, write)
    }

    pub(super) fn i8(mut self, value: i8) -> Self {
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
    pub(super) fn compact_nullable_string(self, value: Option<&str>) -> Self {
        let Some(value) = value else { return self.uvarint(0) };
        let mut this = self.uvarint(value.len() as u32 + 1);
        this.bytes.extend_from_slice(value.as_bytes());
        this
    }

    /// COMPACT_ARRAY: one more than the count, then each element.
    pub(super) fn compact_array<T>(self, items: &[T], write: impl Fn(Self, &T) -> Self) -> Self {
        let this = self.uvarint(items.len() as u32 + 1);
        items.iter().fold(this, write)
    }

    /// The end of a flexible structure without tagged fields.
    pub(super) fn no_tags(self) -> Self {
        self.uvarint(0)
    }

    /// The end of a flexible structure with one tagged field.
    pub(super) fn tag(self, tag: u32, field: &[u8]) -> Self {
        let mut this = self.uvarint(1).uvarint(tag).uvarint(field.len() as u32);
        this.bytes.extend_from_slice(field);
        this
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads fields one after another; `None` where the bytes end too early or make no sense.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn i16(&mut self) -> Option<i16> {
        Some(i16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    pub(super) fn i32(&mut self) -> Option<i32> {
        Some(i32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        Some(i64::from_be_bytes(self.take(8)?.try_into().ok()?))
    }

    pub(super) fn i8(&mut self) -> Option<i8> {
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

    pub(super) fn compact_nullable_string(&mut self) -> Option<Option<Arc<str>>> {
        let Some(length) = self.uvarint()?.checked_sub(1) else { return Some(None) };
        let bytes = self.take(length as usize)?;
        Some(Some(std::str::from_utf8(bytes).ok()?.into()))
    }

    pub(super) fn compact_array<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let count = self.uvarint()?.saturating_sub(1);
        (0..count).map(|_| read(self)).collect()
    }

    /// The end of a flexible structure; its last tagged field, if it has any.
    pub(super) fn tag(&mut self) -> Option<Option<Self>> {
        let mut field = None;
        for _ in 0..self.uvarint()? {
            self.uvarint()?;
            let length = self.uvarint()?;
            field = Some(Self { rest: self.take(length as usize)? });
        }
        Some(field)
    }

    pub(super) fn nullable_string(&mut self) -> Option<Option<Arc<str>>> {
        let length = self.i16()?;
        if length < 0 {
            return Some(None);
        }
        let bytes = self.take(length as usize)?;
        Some(Some(std::str::from_utf8(bytes).ok()?.into()))
    }

    pub(super) fn string(&mut self) -> Option<Arc<str>> {
        self.nullable_string()?
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.i32()?;
        self.take(length.max(0) as usize)
    }

    pub(super) fn array<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let count = self.i32()?;
        (0..count.max(0)).map(|_| read(self)).collect()
    }
}
