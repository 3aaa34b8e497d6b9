//! Whether what the interface answers is as its description says.

use serde_json::Value;

/// Panics unless a value is as the description of an operation has it for an answer of this status, without anything
/// that is not described.
pub(crate) fn assert_described(document: &Value, operation: &str, status: u16, value: &Value) {
    let (method, path) = operation.split_once(' ').unwrap();
    let answer = &document["paths"][path][method.to_lowercase()]["responses"][status.to_string()];
    let schema = &answer["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{operation} does not describe {status}");
    if let Err(fault) = check(document, schema, value, "") {
        panic!("{operation}: {fault}");
    }
}

/// What is wrong with a value, with its place, if anything is.
fn check(document: &Value, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let schema = resolved(document, schema);
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = choices.iter().filter(|choice| check(document, choice, value, place).is_ok()).count();
        return if fits == 1 { Ok(()) } else { Err(format!("{place}: {fits} of {} fit {value}", choices.len())) };
    }
    if let Some(words) = schema["enum"].as_array() {
        return if words.contains(value) { Ok(()) } else { Err(format!("{place}: {value} is none of {words:?}")) };
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ if schema["allOf"].is_array() => vec!["object"],
        _ => return Err(format!("{place}: there is no type in {schema}")),
    };
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() && types.contains(&"integer") => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.contains(&found) {
        return Err(format!("{place}: {value} is not {types:?}"));
    }
    if let Some(number) = value.as_f64() {
        let beyond = |limit: &str, is_beyond: fn(f64, f64) -> bool| {
            schema[limit].as_f64().is_some_and(|limit| is_beyond(number, limit))
        };
        if beyond("minimum", |number, least| number < least) || beyond("maximum", |number, most| number > most) {
            return Err(format!("{place}: {number} is out of bounds"));
        }
    }
    if let Some(items) = value.as_array() {
        return items.iter().try_for_each(|item| check(document, &schema["items"], item, &format!("{place}[]")));
    }
    let Some(object) = value.as_object() else { return Ok(()) };
    let parts = parts(document, schema);
    for required in parts.iter().flat_map(|part| part["required"].as_array().into_iter().flatten()) {
        let name = required.as_str().unwrap();
        object.get(name).ok_or_else(|| format!("{place}: {name} is missing"))?;
    }
    for (name, value) in object {
        let own = parts.iter().map(|part| &part["properties"][name]).find(|schema| schema.is_object());
        let any = parts.iter().map(|part| &part["additionalProperties"]).find(|schema| schema.is_object());
        let schema = own.or(any).ok_or_else(|| format!("{place}.{name} is not described"))?;
        check(document, schema, value, &format!("{place}.{name}"))?;
    }
    Ok(())
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(path) => document.pointer(path.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// The schemas that an object has to follow at once.
fn parts<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let own = std::iter::once(schema);
    let all = schema["allOf"].as_array().into_iter().flatten();
    own.chain(all.flat_map(|part| parts(document, resolved(document, part)))).collect()
}
