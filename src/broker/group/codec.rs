//! Bytes of Kafka's non-flexible messages: big-endian integers, length-prefixed strings and arrays.

use std::sync::Arc;

/// Writes fields one after another.
pub(super) struct Writer {
    bytes: Vec<u8>,
}

impl Default for Writer {
    /// Room for what is usual: keys and committed offsets.
    fn default() -> Self {
        Self { bytes: Vec::with_capacity(64) }
    }
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
