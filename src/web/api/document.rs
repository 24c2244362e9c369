//! The `OpenAPI` 3.1 document of `/api/v1`. Written here and not derived: what a
//! row holds comes from the one list of columns that the files have too, and a
//! test lets another program hold every answer against it.

use serde_json::{Map, Value, json};

use crate::render::json::Table;

/// No code of a node or a measure is longer.
pub(super) const LONGEST_CODE: usize = 64;
const CODE: &str = "^[A-Za-z0-9_-]+$";

/// The document, for a service at this address.
pub(super) fn openapi(base: &str) -> Value {
    let mut paths = Map::new();
    let mut path = |at: &str, operation: Value| {
        paths.insert(format!("/api/v1{at}"), json!({ "get": operation }));
    };
    path("/openapi.json", described());
    path("/releases", list_of_releases());
    let one = |id: &str, says: &str, schema: Value, more: Vec<Value>| {
        let mut parameters = vec![wave()];
        parameters.extend(more);
        operation(id, says, &parameters, &schema, true)
    };
    path(
        "/releases/{wave}",
        one(
            "release",
            "A published release: what it is of and how it was made",
            reference("Release"),
            Vec::new(),
        ),
    );
    for (name, says, item) in [
        ("measures", "Its questions and indexes", "Measure"),
        ("orgs", "Its nodes: the region, clusters and reporting units", "Org"),
    ] {
        let schema = whole(name, &reference(item));
        path(&format!("/releases/{{wave}}/{name}"), one(name, says, schema, Vec::new()));
    }
    for (table, says, filters) in [
        (
            Table::Figures,
            "One row per node and measure, as in figures.csv",
            &["org", "measure"][..],
        ),
        (
            Table::Distribution,
            "Answers per option of what is shown, as in distribution.csv",
            &["org", "measure"][..],
        ),
        (Table::Region, "Figures of the whole, as in region.csv", &["measure"][..]),
    ] {
        let name = table.name();
        let filters = filters.iter().map(|name| filter(name)).collect();
        let schema = whole(name, &reference(row(table)));
        path(&format!("/releases/{{wave}}/{name}"), one(name, says, schema, filters));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Soundings: published results",
            "version": "1",
            "description": "What is published, to read only. A release never changes: its digest names it. A token comes from `soundings user token EMAIL`.",
        },
        "servers": [{ "url": base }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas(),
        },
    })
}

fn row(table: Table) -> &'static str {
    match table {
        Table::Figures => "Figure",
        Table::Distribution => "Answers",
        Table::Region => "RegionFigure",
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn wave() -> Value {
    json!({
        "name": "wave", "in": "path", "required": true, "description": "Code of the wave",
        "schema": { "type": "string", "minLength": 1, "maxLength": LONGEST_CODE, "pattern": CODE },
    })
}

fn filter(name: &str) -> Value {
    json!({
        "name": name, "in": "query", "required": false,
        "description": format!("Only rows with this code in {name:?}"),
        "schema": { "type": "string", "minLength": 1, "maxLength": LONGEST_CODE, "pattern": CODE },
    })
}

fn whole(name: &str, item: &Value) -> Value {
    json!({
        "type": "object", "additionalProperties": false,
        "required": ["wave", "digest", name],
        "properties": {
            "wave": { "type": "string" },
            "digest": { "type": "string", "description": "SHA-256 of the release" },
            name: { "type": "array", "items": item },
        },
    })
}

fn operation(id: &str, says: &str, parameters: &[Value], schema: &Value, by_token: bool) -> Value {
    let problem = |says: &str| {
        json!({
            "description": says,
            "content": { "application/problem+json": { "schema": reference("Problem") } },
        })
    };
    let tag =
        json!({ "ETag": { "description": "Names these bytes", "schema": { "type": "string" } } });
    let mut responses = json!({
        "200": {
            "description": says, "headers": tag,
            "content": { "application/json": { "schema": schema } },
        },
        "304": { "description": "The reader has it already (If-None-Match)" },
        "400": problem("The query is not understood"),
    });
    if let Some(responses) = responses.as_object_mut().filter(|_| by_token) {
        responses.insert("401".to_owned(), problem("No token, or one that is nobody's"));
        responses.insert("404".to_owned(), problem("Nothing published has this code"));
    }
    let mut operation = json!({
        "operationId": id, "summary": says, "parameters": parameters, "responses": responses,
    });
    if let Some(operation) = operation.as_object_mut().filter(|_| !by_token) {
        operation.insert("security".to_owned(), json!([]));
    }
    operation
}

fn described() -> Value {
    operation("openapi", "This document", &[], &json!({ "type": "object" }), false)
}

fn list_of_releases() -> Value {
    let schema = json!({
        "type": "object", "required": ["releases"], "additionalProperties": false,
        "properties": { "releases": { "type": "array", "items": reference("Release") } },
    });
    operation("releases", "Every published release", &[], &schema, true)
}

fn object(properties: &Value) -> Value {
    let names: Vec<&String> =
        properties.as_object().map(|map| map.keys().collect()).unwrap_or_default();
    json!({
        "type": "object", "additionalProperties": false,
        "required": names, "properties": properties,
    })
}

fn schemas() -> Value {
    let (text, whole, number) =
        (json!({ "type": "string" }), json!({ "type": "integer" }), json!({ "type": "number" }));
    let or_none = |of: &str, says: &str| json!({ "type": [of, "null"], "description": says });
    let release = json!({
        "wave": text, "title": text, "survey": text, "survey_title": text,
        "survey_version": text, "fingerprint": text,
        "purpose": { "type": "string", "enum": ["survey", "test", "synthetic"] },
        "fin_year": text, "opened": text, "closed": text, "published": text,
        "digest": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
        "invited": or_none("integer", "People invited in the whole"),
        "responded": or_none("integer", "People who responded; nothing if they are too few to say"),
        "smallest_group": whole, "smallest_groups": whole, "confidence": number, "fdr": number,
        "material_delta": number, "material_change": number, "gap_margin": number,
        "links": { "type": "object", "additionalProperties": { "type": "string" } },
    });
    let option = json!({
        "value": whole, "label": text, "score": or_none("integer", "0 to 100; nothing if it has none"),
        "counted": { "type": "boolean", "description": "Favourable; for a barrier major" },
    });
    let measure = json!({
        "code": text,
        "kind": { "type": "string", "enum": ["item", "barrier", "index", "overall", "number", "rate"] },
        "severity": { "type": "boolean", "description": "Whether 100 is the most severe" },
        "label": text, "stem": text, "section": text,
        "options": { "type": "array", "items": object(&option) },
        "members": { "type": "array", "items": object(&json!({ "item": text, "weight": whole })) },
    });
    let org = json!({
        "code": text, "name": text,
        "level": { "type": "string", "enum": ["nation", "region", "cluster", "pct"] },
        "parent": or_none("string", "The node above; nothing for the whole"),
        "invited": whole,
        "responded": or_none("integer", "Nothing if they are some, but too few to say"),
        "groups": or_none("integer", "PBC groups heard from, where that may be said"),
    });
    json!({
        "Release": object(&release), "Measure": object(&measure), "Org": object(&org),
        "Figure": Table::Figures.schema(), "Answers": Table::Distribution.schema(),
        "RegionFigure": Table::Region.schema(),
        "Problem": {
            "type": "object", "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": text, "title": text, "status": whole, "detail": text,
                "reference": { "type": "string", "description": "To quote to the survey office" },
            },
        },
    })
}
