namespace Rave.Server.OpenApi;

// The shapes of the JSON bodies, as they stand in the document.
internal static class Schemas
{
    internal const string Json =
        """
        {
          "openapi": "3.1.1",
          "info": { "title": "schemas", "version": "1" },
          "paths": {},
          "components": {
            "schemas": {
              "Problem": {
                "type": "object", "description": "Problem details (RFC 9457). Branch on code, never on text.",
                "required": ["type", "title", "status", "detail", "code"],
                "properties": {
                  "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
                  "detail": { "type": "string" }, "code": { "type": "string", "pattern": "^LEVEL_[A-Z_]+$" },
                  "line": { "type": "integer", "description": "Of a bulk load: the line at fault." },
                  "written": { "type": "integer", "description": "Of a bulk load: the lines written before." }
                }
              },
              "Value": { "description": "A string in the value encoding; with valueEncoding=json any JSON." },
              "Entry": {
                "type": "object",
                "properties": {
                  "key": { "type": "string", "description": "In the key encoding." },
                  "value": { "$ref": "#/components/schemas/Value" },
                  "etag": { "type": "string", "description": "With etags=true." }
                }
              },
              "Page": {
                "type": "object", "required": ["entries", "continuation"],
                "properties": {
                  "entries": { "type": "array", "items": { "$ref": "#/components/schemas/Entry" } },
                  "continuation": { "type": ["string", "null"] }
                }
              },
              "Entries": {
                "type": "object", "required": ["entries"],
                "properties": {
                  "entries": { "type": "array", "items": { "anyOf": [{ "$ref": "#/components/schemas/Entry" }, { "type": "null" }] } }
                }
              },
              "Keys": {
                "type": "object", "required": ["keys"], "additionalProperties": false,
                "properties": { "keys": { "type": "array", "items": { "type": "string" } } }
              },
              "Found": {
                "type": "object", "required": ["found"],
                "properties": { "found": { "type": "array", "items": { "type": "boolean" } } }
              },
              "Put": {
                "type": "object", "required": ["type", "key", "value"], "additionalProperties": false,
                "properties": { "type": { "const": "put" }, "key": { "type": "string" }, "value": { "$ref": "#/components/schemas/Value" } }
              },
              "Del": {
                "type": "object", "required": ["type", "key"], "additionalProperties": false,
                "properties": { "type": { "const": "del" }, "key": { "type": "string" } }
              },
              "Check": {
                "type": "object", "required": ["type", "key"], "additionalProperties": false,
                "oneOf": [{ "required": ["etag"] }, { "required": ["exists"] }],
                "properties": { "type": { "const": "check" }, "key": { "type": "string" }, "etag": { "type": "string" }, "exists": { "type": "boolean" } }
              },
              "Batch": {
                "type": "array",
                "items": { "oneOf": [{ "$ref": "#/components/schemas/Put" }, { "$ref": "#/components/schemas/Del" }, { "$ref": "#/components/schemas/Check" }] }
              },
              "Count": { "type": "object", "required": ["count"], "properties": { "count": { "type": "integer" } } },
              "Loaded": { "type": "object", "required": ["written"], "properties": { "written": { "type": "integer" } } },
              "Size": { "type": "object", "required": ["bytes"], "properties": { "bytes": { "type": "integer" } } },
              "Snapshot": {
                "type": "object", "required": ["id", "expiresAt"],
                "properties": { "id": { "type": "string" }, "expiresAt": { "type": "string", "format": "date-time" } }
              },
              "Leader": {
                "type": "object", "required": ["pid", "epoch", "since", "program"],
                "properties": {
                  "pid": { "type": "integer" }, "epoch": { "type": "integer" },
                  "since": { "type": "string", "format": "date-time" }, "program": { "type": "string" }
                }
              },
              "Status": {
                "type": "object", "required": ["leader", "location", "versions", "uptimeSeconds", "limits", "counters", "sizeOnDisk", "options", "readOnly"],
                "properties": {
                  "leader": { "$ref": "#/components/schemas/Leader" },
                  "location": { "type": "string" },
                  "versions": { "type": "object", "additionalProperties": { "type": "string" } },
                  "uptimeSeconds": { "type": "number" },
                  "limits": { "type": "object", "additionalProperties": { "type": "integer" } },
                  "counters": { "type": "object", "additionalProperties": { "type": "integer" } },
                  "sizeOnDisk": { "type": "integer" },
                  "options": { "type": "object", "description": "How LevelDB was opened.", "additionalProperties": { "type": ["integer", "boolean"] } },
                  "readOnly": { "type": "boolean", "description": "Whether writes are refused, for the leader was started with --read-only." }
                }
              },
              "Document": { "type": "object", "required": ["openapi"], "properties": { "openapi": { "type": "string" } } }
            }
          }
        }
        """;
}
