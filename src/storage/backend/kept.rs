//! Statements of hot paths that are prepared once on a connection. Diesel prepares
//! each change anew, because it cannot know whether its words stay the same: whoever
//! keeps one here says so.

use std::marker::PhantomData;

use chrono::NaiveDateTime;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Text, Timestamp};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, RunQueryDsl};

/// A statement whose words are always the same, with what stands between them. `Name`
/// is a type of its own for each statement, by which its prepared form is found again.
pub(in crate::storage) struct Kept<'b, Name, const BINDS: usize> {
    words: &'static [&'static str],
    binds: [Bind<'b>; BINDS],
    name: PhantomData<Name>,
}

/// A value that a statement is given.
#[derive(Clone, Copy)]
pub(in crate::storage) enum Bind<'b> {
    Text(&'b str),
    Bytes(&'b [u8]),
    Number(i64),
    Time(NaiveDateTime),
}

impl<'b, Name, const BINDS: usize> Kept<'b, Name, BINDS> {
    /// The words before each value, and perhaps some after the last.
    pub(in crate::storage) fn new(
        words: &'static [&'static str],
        binds: [Bind<'b>; BINDS],
    ) -> Self {
        Self { words, binds, name: PhantomData }
    }
}

macro_rules! fragment_of {
    ($backend:ty) => {
        impl<Name, const BINDS: usize> QueryFragment<$backend> for Kept<'_, Name, BINDS> {
            fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                let mut binds = self.binds.iter();
                for words in self.words {
                    pass.push_sql(words);
                    match binds.next() {
                        Some(Bind::Text(text)) => pass.push_bind_param::<Text, _>(*text)?,
                        Some(Bind::Bytes(bytes)) => pass.push_bind_param::<Binary, _>(*bytes)?,
                        Some(Bind::Number(number)) => pass.push_bind_param::<BigInt, _>(number)?,
                        Some(Bind::Time(time)) => pass.push_bind_param::<Timestamp, _>(time)?,
                        None => {}
                    }
                }
                Ok(())
            }
        }
    };
}
fragment_of!(Sqlite);
fragment_of!(Pg);

impl<Name: 'static, const BINDS: usize> QueryId for Kept<'_, Name, BINDS> {
    type QueryId = Kept<'static, Name, BINDS>;
}

impl<Name, const BINDS: usize, Conn> RunQueryDsl<Conn> for Kept<'_, Name, BINDS> {}
