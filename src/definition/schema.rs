//! The format of survey files as a JSON Schema (2020-12), by which editors
//! complete keys and mark slips. Made from the same lists that the parser reads
//! by. What one table says of another (codes that must exist, conditions) no
//! schema can check: that is left to the parser.

use serde_json::{Map, Value, json};

use super::format::{ALL, KINDS, KindName, NEEDS, Need, OWNERS, QUESTION, ROOT};
use super::keys::{Keys, Shape};

/// The schema of survey files.
#[must_use]
pub fn schema() -> Value {
    let tables: Map<String, Value> =
        ALL.iter().skip(1).map(|keys| (name_of(keys), of_table(keys))).collect();
    let mut schema = of_table(&ROOT);
    if let Some(root) = schema.as_object_mut() {
        root.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
        root.insert("title".into(), json!("Survey of Soundings"));
        root.insert("$defs".into(), Value::Object(tables));
    }
    schema
}

/// The name of a table among the definitions: what faults call it, without article.
fn name_of(keys: &Keys) -> String {
    keys.noun().replace('`', "").replace(' ', "-")
}

fn of_table(keys: &Keys) -> Value {
    let properties: Map<String, Value> =
        keys.known.iter().map(|key| (key.name.to_owned(), of_key(&key.takes, key.about))).collect();
    let required: Vec<&str> =
        keys.known.iter().filter(|key| key.required).map(|key| key.name).collect();
    let mut rules: Vec<Value> =
        keys.apart.iter().map(|(one, other, _)| not_both(one, other)).collect();
    if keys.what == QUESTION.what {
        rules.extend(KINDS.iter().map(|(name, kind)| of_kind(name, *kind)));
    }
    let leaning: Map<String, Value> =
        keys.leaning.iter().map(|(key, on, _)| ((*key).to_owned(), json!([on]))).collect();
    let mut table = json!({
        "type": "object", "description": keys.about, "additionalProperties": false,
        "properties": properties, "required": required,
    });
    if let Some(table) = table.as_object_mut() {
        if !rules.is_empty() {
            table.insert("allOf".into(), rules.into());
        }
        if !leaning.is_empty() {
            table.insert("dependentRequired".into(), Value::Object(leaning));
        }
    }
    table
}

fn of_key(shape: &Shape, about: &str) -> Value {
    let mut value = of_shape(shape);
    let (first, rest) = about.split_at(about.chars().next().map_or(0, char::len_utf8));
    if let Some(value) = value.as_object_mut() {
        value.insert("description".into(), json!(format!("{}{rest}.", first.to_uppercase())));
    }
    value
}

fn of_shape(shape: &Shape) -> Value {
    match shape {
        Shape::Text => json!({ "type": "string", "pattern": "\\S" }),
        Shape::Code { taken: [] } => code(),
        Shape::Code { taken } => {
            let mut code = code();
            if let Some(code) = code.as_object_mut() {
                code.insert("not".into(), json!({ "enum": taken }));
            }
            code
        }
        Shape::OneOf(words) => json!({ "enum": words() }),
        Shape::Whole(low, high) => whole(*low, *high),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Amount => json!({ "type": "number" }),
        Shape::AmountOrCode => json!({ "anyOf": [{ "type": "number" }, code()] }),
        Shape::Table(keys) => reference(keys),
        Shape::Named(keys) => json!({ "type": "object", "additionalProperties": reference(keys) }),
        Shape::Tables { of, least, most } => {
            let mut list = json!({ "type": "array", "items": reference(of), "minItems": least });
            if *most < usize::MAX
                && let Some(list) = list.as_object_mut()
            {
                list.insert("maxItems".into(), json!(most));
            }
            list
        }
        Shape::NamesOr { of, least } => json!({
            "type": "array", "minItems": least,
            "items": { "anyOf": [{ "type": "string", "pattern": "\\S" }, reference(of)] },
        }),
        Shape::Wholes(low, high) => json!({ "type": "array", "items": whole(*low, *high) }),
    }
}

fn code() -> Value {
    json!({ "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" })
}

fn whole(low: u32, high: u32) -> Value {
    json!({ "type": "integer", "minimum": low, "maximum": high })
}

fn reference(keys: &Keys) -> Value {
    json!({ "$ref": format!("#/$defs/{}", name_of(keys)) })
}

fn not_both(one: &str, other: &str) -> Value {
    json!({ "not": { "required": [one, other] } })
}

/// What holds for a question of one kind: the keys that it needs, and those
/// that belong to others.
fn of_kind(name: &str, kind: KindName) -> Value {
    let foreign: Map<String, Value> = OWNERS
        .iter()
        .filter(|(_, owners)| !owners.contains(&kind))
        .map(|(key, _)| ((*key).to_owned(), json!(false)))
        .collect();
    let needs = NEEDS.iter().filter(|(of, _)| *of == kind).flat_map(|(_, needs)| *needs);
    let either = |one, other| json!([{ "required": [one] }, { "required": [other] }]);
    let mut rules: Vec<Value> = needs
        .map(|need| match need {
            Need::This(key) => json!({ "required": [key] }),
            Need::Either(one, other) => json!({ "oneOf": either(one, other) }),
            Need::Any(one, other) => json!({ "anyOf": either(one, other) }),
        })
        .collect();
    rules.push(json!({ "properties": foreign }));
    json!({
        "if": { "properties": { "kind": { "const": name } }, "required": ["kind"] },
        "then": { "allOf": rules },
    })
}
