//! Rows in PostgreSQL's binary COPY format, written straight into the bytes that go out.

use bytes::{BufMut, Bytes, BytesMut};

/// Bytes after which rows are sent on, so that the server parses while we write.
const PIECE: usize = 256 << 10;

/// Rows on their way into one table.
pub(super) struct Rows {
    bytes: BytesMut,
    columns: i16,
}

impl Rows {
    /// Begins with the format's header.
    pub(super) fn new(columns: i16) -> Self {
        let mut bytes = BytesMut::with_capacity(PIECE + (PIECE >> 3));
        bytes.put_slice(b"PGCOPY\n\xff\r\n\0");
        bytes.put_i32(0); // flags
        bytes.put_i32(0); // length of the header's extension
        Self { bytes, columns }
    }

    /// Begins a row; its columns follow.
    pub(super) fn row(&mut self) -> &mut Self {
        self.bytes.put_i16(self.columns);
        self
    }

    /// A `bigint`.
    pub(super) fn int(&mut self, value: i64) -> &mut Self {
        self.bytes.put_i32(8);
        self.bytes.put_i64(value);
        self
    }

    /// A `bytea`, or the bytes of a `text`.
    pub(super) fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.bytes.put_i32(i32::try_from(value.len()).expect("the door refuses texts of gigabytes"));
        self.bytes.put_slice(value);
        self
    }

    /// A `text`.
    pub(super) fn text(&mut self, value: &str) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    /// A `text` or null.
    pub(super) fn text_or_null(&mut self, value: Option<&str>) -> &mut Self {
        let Some(value) = value else {
            self.bytes.put_i32(-1);
            return self;
        };
        self.text(value)
    }

    /// What is due to be sent, once there is enough of it.
    pub(super) fn piece(&mut self) -> Option<Bytes> {
        (self.bytes.len() >= PIECE).then(|| self.bytes.split().freeze())
    }

    /// What is left, with the format's end.
    pub(super) fn end(mut self) -> Bytes {
        self.bytes.put_i16(-1);
        self.bytes.freeze()
    }
}
