//! The expressions of a form: as much of XPath as forms use, read into a tree.
//! Knows no questions.

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Xpath {
    /// `${name}`: the answer to a question.
    Answer(String),
    /// `.`: the answer being given.
    This,
    Text(String),
    /// As it is written.
    Number(String),
    Call(String, Vec<Xpath>),
    Compare(Box<Xpath>, Sign, Box<Xpath>),
    All(Vec<Xpath>),
    Any(Vec<Xpath>),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Sign {
    /// The sign that means the same with the sides swapped.
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }
}

/// Deeper brackets than these nobody writes, and the stack is finite.
const DEEPEST: usize = 25;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Answer(String),
    Text(String),
    Number(String),
    Word(String),
    Sign(&'static str),
}

/// Reads an expression.
///
/// # Errors
/// Why it cannot be read, as the second half of a sentence.
pub(super) fn read(text: &str) -> Result<Xpath, String> {
    let tokens = tokens(text)?;
    let mut reader = Reader { tokens: &tokens, next: 0, depth: 0 };
    let expression = reader.any()?;
    match reader.tokens.get(reader.next) {
        None => Ok(expression),
        Some(token) => Err(format!("{} cannot be read there", token.shown())),
    }
}

const SIGNS: [&str; 16] =
    ["!=", "<=", ">=", "=", "<", ">", "(", ")", ",", "+", "*", "/", "-", "[", "]", "|"];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = if let Some(after) = rest.strip_prefix("${") {
            let (name, _) = after.split_once('}').ok_or("a \"${\" is never closed")?;
            (Token::Answer(name.trim().to_owned()), name.len() + 3)
        } else if let Some(after) = rest.strip_prefix(['\'', '"']) {
            let (inner, _) = after
                .split_once(first)
                .ok_or_else(|| format!("a text is never closed with {first}"))?;
            (Token::Text(inner.to_owned()), inner.len() + 2)
        } else if first.is_ascii_digit() || (first == '.' && starts_with_digit(rest, 1)) {
            let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            (Token::Number(rest.get(..length).unwrap_or_default().to_owned()), length)
        } else if first.is_alphabetic() || first == '_' || first == '.' {
            let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
            let length = rest.find(|c| !inside(c)).unwrap_or(rest.len());
            (Token::Word(rest.get(..length).unwrap_or_default().to_owned()), length)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            return Err(format!("{first:?} cannot be read"));
        };
        tokens.push(token);
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

fn starts_with_digit(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

impl Token {
    fn shown(&self) -> String {
        match self {
            Self::Answer(name) => format!("${{{name}}}"),
            Self::Text(text) => format!("{text:?}"),
            Self::Number(word) | Self::Word(word) => format!("{word:?}"),
            Self::Sign(sign) => format!("{sign:?}"),
        }
    }
}

struct Reader<'t> {
    tokens: &'t [Token],
    next: usize,
    depth: usize,
}

impl Reader<'_> {
    fn take_sign(&mut self, wanted: &str) -> bool {
        let found =
            matches!(self.tokens.get(self.next), Some(Token::Sign(sign)) if *sign == wanted);
        self.next += usize::from(found);
        found
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted));
        self.next += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Xpath, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("its brackets are too deep".to_owned());
        }
        let mut parts = vec![self.all()?];
        while self.take_word("or") {
            parts.push(self.all()?);
        }
        self.depth -= 1;
        Ok(one_or(parts, Xpath::Any))
    }

    fn all(&mut self) -> Result<Xpath, String> {
        let mut parts = vec![self.comparison()?];
        while self.take_word("and") {
            parts.push(self.comparison()?);
        }
        Ok(one_or(parts, Xpath::All))
    }

    fn comparison(&mut self) -> Result<Xpath, String> {
        let left = self.value()?;
        let sign = match self.tokens.get(self.next) {
            Some(Token::Sign("=")) => Sign::Equal,
            Some(Token::Sign("!=")) => Sign::Unequal,
            Some(Token::Sign("<")) => Sign::Less,
            Some(Token::Sign("<=")) => Sign::AtMost,
            Some(Token::Sign(">")) => Sign::More,
            Some(Token::Sign(">=")) => Sign::AtLeast,
            _ => return Ok(left),
        };
        self.next += 1;
        // Some forms write "==".
        self.take_sign("=");
        let right = self.value()?;
        Ok(Xpath::Compare(Box::new(left), sign, Box::new(right)))
    }

    fn value(&mut self) -> Result<Xpath, String> {
        let token = self.tokens.get(self.next).ok_or("it ends too early")?;
        self.next += 1;
        let value = match token {
            Token::Answer(name) => Xpath::Answer(name.clone()),
            Token::Text(text) => Xpath::Text(text.clone()),
            Token::Number(number) => Xpath::Number(number.clone()),
            Token::Word(word) if word == "." => Xpath::This,
            Token::Sign("-") => match self.tokens.get(self.next) {
                Some(Token::Number(number)) => {
                    self.next += 1;
                    Xpath::Number(format!("-{number}"))
                }
                _ => return Err("calculations have no counterpart".to_owned()),
            },
            Token::Sign("(") => {
                let inner = self.any()?;
                if !self.take_sign(")") {
                    return Err("a bracket is never closed".to_owned());
                }
                inner
            }
            Token::Word(name) if self.take_sign("(") => {
                let mut arguments = Vec::new();
                while !self.take_sign(")") {
                    if !arguments.is_empty() && !self.take_sign(",") {
                        return Err(format!("the call of {name}() is never closed"));
                    }
                    arguments.push(self.any()?);
                }
                Xpath::Call(name.to_lowercase(), arguments)
            }
            other => return Err(format!("{} cannot be read there", other.shown())),
        };
        match self.tokens.get(self.next) {
            Some(Token::Sign("+" | "-" | "*" | "/" | "|")) => {
                Err("calculations have no counterpart".to_owned())
            }
            Some(Token::Word(word)) if word == "div" || word == "mod" => {
                Err("calculations have no counterpart".to_owned())
            }
            _ => Ok(value),
        }
    }
}

fn one_or(mut parts: Vec<Xpath>, many: fn(Vec<Xpath>) -> Xpath) -> Xpath {
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

    #[test]
    fn expressions_are_read_as_forms_write_them() {
        let answer = |name: &str| Box::new(Xpath::Answer(name.into()));
        let text = |text: &str| Box::new(Xpath::Text(text.into()));
        let is = |name, value| Xpath::Compare(answer(name), Sign::Equal, text(value));
        assert_eq!(read("${a} = 'x'"), Ok(is("a", "x")));
        assert_eq!(
            read("${a}='x' or ${b} = \"y\" and selected( ${c},'z')"),
            Ok(Xpath::Any(vec![
                is("a", "x"),
                Xpath::All(vec![
                    is("b", "y"),
                    Xpath::Call("selected".into(), vec![*answer("c"), *text("z")])
                ])
            ]))
        );
        assert_eq!(
            read(". <= -1.5"),
            Ok(Xpath::Compare(
                Box::new(Xpath::This),
                Sign::AtMost,
                Box::new(Xpath::Number("-1.5".into()))
            ))
        );
        assert_eq!(
            read("not(true())"),
            Ok(Xpath::Call("not".into(), vec![Xpath::Call("true".into(), vec![])]))
        );
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let slips = [
            ("", "too early"),
            ("${a", "never closed"),
            ("${a} = ‘x’", "cannot be read"),
            ("${a} + 1 > 2", "calculations"),
            ("${a} div 2 = 1", "calculations"),
            ("(${a} = 1", "never closed"),
            ("${a} = 1 ${b}", "cannot be read there"),
            ("f(1", "never closed"),
        ];
        for (text, why) in slips {
            let said = read(text).expect_err(text);
            assert!(said.contains(why), "{text}: {said}");
        }
        assert!(read(&"(".repeat(100_000)).is_err());
        assert!(read(&"not(".repeat(100_000)).is_err());
    }
}
