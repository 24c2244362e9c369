//! The little language of `show_if`: its text becomes a tree that still has to
//! be checked against the items of the survey. Knows no items.
//!
//! ```text
//! condition = and-part { "or" and-part }
//! and-part  = test { "and" test }
//! test      = "not" test | "(" condition ")" | [ "any" ] CODE [ "row" ] check
//! check     = ("=" | "!=" | "<" | "<=" | ">" | ">=") NUMBER
//!           | [ "not" ] "in" "(" NUMBER { "," NUMBER } ")"
//!           | [ "not" ] "empty"
//! ```

/// A part of the text with its place, in bytes from the start of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed<T> {
    pub(super) what: T,
    pub(super) at: usize,
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// What is asked of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Check {
    Compare(Comparison, Placed<String>),
    In(Vec<Placed<String>>),
    NotEmpty,
}

/// An expression as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    Test { any_row: bool, item: Placed<String>, check: Check },
    Not(Box<Expression>),
    All(Vec<Expression>),
    Any(Vec<Expression>),
}

/// Why a text is no expression, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Misread {
    pub(super) at: usize,
    pub(super) what: String,
    pub(super) hint: String,
}

/// Deeper brackets than these nobody writes, and the stack is finite.
const DEEPEST: usize = 30;

const KEYWORDS: [&str; 7] = ["and", "or", "not", "any", "row", "in", "empty"];

/// Reads an expression.
pub(super) fn read(text: &str) -> Result<Expression, Misread> {
    let tokens = tokens(text)?;
    let mut reader = Reader { tokens: &tokens, next: 0, end: text.len(), depth: 0 };
    let expression = reader.condition()?;
    match reader.peek() {
        None => Ok(expression),
        Some(token) if token.what == ")" => {
            Err(misread(token.at, "this bracket was never opened", "add `(`, or leave it out"))
        }
        Some(token) => Err(misread(
            token.at,
            format!("nothing joins {:?} to what stands before it", token.what),
            "join two tests with `and` or `or`",
        )),
    }
}

fn misread(at: usize, what: impl Into<String>, hint: impl Into<String>) -> Misread {
    Misread { at, what: what.into(), hint: hint.into() }
}

type Token = Placed<String>;

fn tokens(text: &str) -> Result<Vec<Token>, Misread> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let at = text.len() - rest.len();
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let length = if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else if let Some(sign) =
            ["==", "!=", "<>", "<=", ">=", "&&", "||"].iter().find(|sign| rest.starts_with(**sign))
        {
            sign.len()
        } else if matches!(first, '=' | '<' | '>' | '(' | ')' | ',' | '!') {
            1
        } else {
            return Err(misread(
                at,
                format!("{first:?} has no place in a condition"),
                "write it like `CASES > 0 and VIEW in (1, 2)`",
            ));
        };
        let (token, after) = rest.split_at(length);
        tokens.push(Placed { what: token.to_owned(), at });
        rest = after;
    }
}

struct Reader<'t> {
    tokens: &'t [Token],
    next: usize,
    end: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.next)
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.what == wanted);
        self.next += usize::from(found);
        found
    }

    fn take_any(&mut self, what: &str, hint: &str) -> Result<&'t Token, Misread> {
        let token = self.peek().ok_or_else(|| {
            misread(self.end, format!("the condition ends where {what} should be"), hint)
        })?;
        self.next += 1;
        Ok(token)
    }

    fn list(
        &mut self,
        word: &str,
        foreign: &str,
        part: fn(&mut Self) -> Result<Expression, Misread>,
    ) -> Result<Vec<Expression>, Misread> {
        let mut parts = vec![part(self)?];
        loop {
            if let Some(token) = self.peek()
                && (token.what == foreign || token.what.eq_ignore_ascii_case(word))
                && token.what != word
            {
                return Err(misread(
                    token.at,
                    format!("{:?} is not the word for it", token.what),
                    format!("write `{word}`"),
                ));
            }
            if !self.take(word) {
                return Ok(parts);
            }
            parts.push(part(self)?);
        }
    }

    fn condition(&mut self) -> Result<Expression, Misread> {
        let parts = self.list("or", "||", Self::and_part)?;
        Ok(one_or(parts, Expression::Any))
    }

    fn and_part(&mut self) -> Result<Expression, Misread> {
        let parts = self.list("and", "&&", Self::test)?;
        Ok(one_or(parts, Expression::All))
    }

    fn test(&mut self) -> Result<Expression, Misread> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let at = self.peek().map_or(self.end, |token| token.at);
            return Err(misread(
                at,
                "the condition is too deep",
                format!("say it with at most {DEEPEST} brackets or `not` in one another"),
            ));
        }
        let test = if self.take("not") || self.take("!") {
            Expression::Not(Box::new(self.test()?))
        } else if let Some(open) = self.peek().filter(|token| token.what == "(") {
            self.next += 1;
            let inner = self.condition()?;
            if !self.take(")") {
                return Err(misread(open.at, "this bracket is never closed", "add `)`"));
            }
            inner
        } else {
            self.check_of_an_item()?
        };
        self.depth -= 1;
        Ok(test)
    }

    fn check_of_an_item(&mut self) -> Result<Expression, Misread> {
        const HINT: &str = "name an item by its code, for example `CASES > 0`";
        let any_row = self.take("any");
        let item = self.take_any("a code", HINT)?;
        let is_code = item.what.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !is_code || KEYWORDS.contains(&item.what.as_str()) {
            return Err(misread(item.at, format!("{:?} is no code", item.what), HINT));
        }
        if any_row && !self.take("row") {
            let at = self.peek().map_or(self.end, |token| token.at);
            return Err(misread(
                at,
                "`any` goes with `row`",
                format!("write `any {} row …`", item.what),
            ));
        }
        let negated = self.take("not");
        let check = if self.take("empty") {
            // What is not "not empty" is empty.
            let test = Expression::Test { any_row, item: item.clone(), check: Check::NotEmpty };
            return Ok(if negated { test } else { Expression::Not(Box::new(test)) });
        } else if self.take("in") {
            Check::In(self.values()?)
        } else if negated {
            let at = self.peek().map_or(self.end, |token| token.at);
            let hint = "write `not in (…)` or `not empty`, or put `not` before the code";
            return Err(misread(at, "`not` cannot stand here", hint));
        } else {
            self.comparison(&item.what)?
        };
        let test = Expression::Test { any_row, item: item.clone(), check };
        Ok(if negated { Expression::Not(Box::new(test)) } else { test })
    }

    fn comparison(&mut self, item: &str) -> Result<Check, Misread> {
        let hint = format!("write `{item} = 1`, `{item} in (1, 2)` or `{item} not empty`");
        let sign = self.take_any("a comparison", &hint)?;
        let comparison = match sign.what.as_str() {
            "=" => Comparison::Equal,
            "!=" => Comparison::Unequal,
            "<" => Comparison::Less,
            "<=" => Comparison::AtMost,
            ">" => Comparison::More,
            ">=" => Comparison::AtLeast,
            "==" => return Err(misread(sign.at, "\"==\" is no comparison", "write `=`")),
            "<>" => return Err(misread(sign.at, "\"<>\" is no comparison", "write `!=`")),
            "answered" => {
                let hint = format!("write `{item} not empty`");
                return Err(misread(sign.at, "\"answered\" is no comparison", hint));
            }
            other => return Err(misread(sign.at, format!("{other:?} is no comparison"), hint)),
        };
        Ok(Check::Compare(comparison, self.value()?))
    }

    fn values(&mut self) -> Result<Vec<Placed<String>>, Misread> {
        const HINT: &str = "write the values in brackets, for example `in (1, 2, 3)`";
        let open = self.take_any("a list", HINT)?;
        if open.what != "(" {
            return Err(misread(open.at, format!("{:?} begins no list", open.what), HINT));
        }
        let mut values = vec![self.value()?];
        while self.take(",") {
            values.push(self.value()?);
        }
        if self.take(")") {
            return Ok(values);
        }
        Err(misread(open.at, "this list is never closed", "put `,` between values and `)` after"))
    }

    fn value(&mut self) -> Result<Placed<String>, Misread> {
        const HINT: &str =
            "compare with the `value` of an option, or with a number, for example `VIEW = 1`";
        let token = self.take_any("a value", HINT)?;
        let digits = token.what.strip_prefix('-').unwrap_or(&token.what);
        let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
        if is_number {
            Ok(token.clone())
        } else {
            Err(misread(token.at, format!("{:?} is no value", token.what), HINT))
        }
    }
}

fn one_or(mut parts: Vec<Expression>, many: fn(Vec<Expression>) -> Expression) -> Expression {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            many(parts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (usize, String) {
        let misread = read(text).expect_err(text);
        (misread.at, format!("{} | {}", misread.what, misread.hint))
    }

    #[test]
    fn or_binds_less_than_and_and_brackets_bind_most() {
        let shape = |text: &str| {
            fn show(expression: &Expression) -> String {
                let list = |parts: &[Expression], word: &str| {
                    format!("[{}]", parts.iter().map(show).collect::<Vec<_>>().join(word))
                };
                match expression {
                    Expression::Test { item, any_row, .. } => {
                        format!("{}{}", if *any_row { "*" } else { "" }, item.what)
                    }
                    Expression::Not(inner) => format!("!{}", show(inner)),
                    Expression::All(parts) => list(parts, "&"),
                    Expression::Any(parts) => list(parts, "|"),
                }
            }
            show(&read(text).expect(text))
        };
        assert_eq!(shape("A = 1 or B = 2 and C > 3"), "[A|[B&C]]");
        assert_eq!(shape("(A = 1 or B=2) and not C not in (1,2)"), "[[A|B]&!!C]");
        assert_eq!(shape("any BAR row >= 3"), "*BAR");
        assert_eq!(shape("A empty or B not empty"), "[!A|B]");
        assert_eq!(shape("A >= -1.5"), "A");
    }

    #[test]
    fn each_slip_is_named_where_it_stands() {
        let slips = [
            ("", 0, "ends where a code"),
            ("A", 1, "ends where a comparison"),
            ("A == 1", 2, "write `=`"),
            ("A = 1 && B = 2", 6, "write `and`"),
            ("A = 1 AND B = 2", 6, "write `and`"),
            ("A = yes", 4, "no value"),
            ("A in 1, 2", 5, "begins no list"),
            ("A in (1, 2", 5, "never closed"),
            ("(A = 1", 0, "never closed"),
            ("A = 1 B = 2", 6, "nothing joins"),
            ("A = 1)", 5, "never opened"),
            ("any BAR >= 3", 8, "any BAR row"),
            ("A answered", 2, "not empty"),
            ("A ~ 1", 2, "no place"),
            ("A not = 1", 6, "cannot stand here"),
            ("and = 1", 0, "no code"),
            ("A > 1.2.3 or", 12, "ends where a code"),
        ];
        for (text, at, what) in slips {
            let (place, said) = fault(text);
            assert!(place == at && said.contains(what), "{text:?}: {place} {said}");
        }
        assert!(fault(&"(".repeat(100_000)).1.contains("too deep"));
        assert!(fault(&"not ".repeat(100_000)).1.contains("too deep"));
    }
}
