namespace Rave.Tests.OpenApi.Document;

// The shapes of the JSON bodies, as they stand in the document.
internal static class Schemas
{
    private const string OneShape = "A put has a value, a check has an etag or exists, and a del has neither. "
        + "All types share one schema, because client generators do not support alternatives well.";

    internal const string Json =
        $$"""
        {
          "openapi": "3.1.1",
          "info": { "title": "schemas", "version": "1" },
          "paths": {},
          "components": {
            "schemas": {
              "Problem": {
                "type": "object", "description": "Problem details (RFC 9457). Compare the code, never the text.",
                "required": ["type", "title", "status", "detail", "code"],
                "properties": {
                  "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer", "format": "int32" },
                  "detail": { "type": "string" }, "code": { "type": "string", "pattern": "^LEVEL_[A-Z_]+$" },
                  "line": { "type": "integer", "format": "int64", "description": "In a bulk load: the invalid line." },
                  "written": { "type": "integer", "format": "int64", "description": "In a bulk load: the lines written before." },
                  "deleted": { "type": "integer", "format": "int64", "description": "In a clear: the entries deleted before." }
                }
              },
              "Entry": {
                "type": "object",
                "properties": {
                  "key": { "type": "string", "description": "Written in the key encoding." },
                  "value": { "description": "A string in the value encoding, or any JSON with valueEncoding=json." },
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
                  "entries": { "type": "array", "items": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Entry" }] } }
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
              "KeyEncoding": { "type": "string", "enum": ["utf8", "hex", "base64", "base64url"], "default": "utf8" },
              "ValueEncoding": { "type": "string", "enum": ["utf8", "hex", "base64", "base64url", "json"], "default": "utf8" },
              "Operation": {
                "type": "object", "required": ["type", "key"], "additionalProperties": false,
                "description": "{{OneShape}}",
                "properties": {
                  "type": { "type": "string", "pattern": "^(put|del|check)$", "description": "put, del or check." },
                  "key": { "type": "string", "description": "Written in the key encoding." },
                  "value": { "description": "A string in the value encoding, or any JSON with valueEncoding=json." },
                  "etag": { "type": ["string", "null"], "description": "In a check: the value has this ETag." },
                  "exists": { "type": ["boolean", "null"], "description": "In a check: whether the key exists." }
                }
              },
              "Batch": { "type": "array", "items": { "$ref": "#/components/schemas/Operation" } },
              "Count": { "type": "object", "required": ["count"], "properties": { "count": { "type": "integer", "format": "int64" } } },
              "Loaded": {
                "type": "object", "required": ["written"],
                "properties": { "written": { "type": "integer", "format": "int64" } }
              },
              "Size": { "type": "object", "required": ["bytes"], "properties": { "bytes": { "type": "integer", "format": "int64" } } },
              "Snapshot": {
                "type": "object", "required": ["id", "expiresAt"],
                "properties": { "id": { "type": "string" }, "expiresAt": { "type": "string", "format": "date-time" } }
              },
              "Leader": {
                "type": "object", "required": ["pid", "epoch", "since", "program"],
                "properties": {
                  "pid": { "type": "integer", "format": "int32" }, "epoch": { "type": "integer", "format": "int64" },
                  "since": { "type": "string", "format": "date-time" }, "program": { "type": "string" }
                }
              },
              "Status": {
                "type": "object",
                "required": ["leader", "location", "versions", "uptimeSeconds", "limits", "counters", "sizeOnDisk", "options", "readOnly",
                             "cluster"],
                "properties": {
                  "leader": {
                    "oneOf": [{ "$ref": "#/components/schemas/Leader" }, { "type": "null" }], "description": "Null at a gateway."
                  },
                  "location": { "type": "string" },
                  "versions": { "type": "object", "additionalProperties": { "type": "string" } },
                  "uptimeSeconds": { "type": "number", "format": "double" },
                  "limits": { "type": "object", "additionalProperties": { "type": "integer", "format": "int64" } },
                  "counters": { "type": "object", "additionalProperties": { "type": "integer", "format": "int64" } },
                  "sizeOnDisk": { "type": ["integer", "null"], "format": "int64" },
                  "options": {
                    "type": ["object", "null"], "description": "How LevelDB was opened.",
                    "properties": {
                      "compression": { "type": "boolean" },
                      "cacheSize": { "type": "integer", "format": "int64" },
                      "writeBufferSize": { "type": "integer", "format": "int64" },
                      "blockSize": { "type": "integer", "format": "int64" },
                      "maxOpenFiles": { "type": "integer", "format": "int64" },
                      "blockRestartInterval": { "type": "integer", "format": "int64" },
                      "maxFileSize": { "type": "integer", "format": "int64" },
                      "bloomFilterBits": { "type": "integer", "format": "int64" }
                    }
                  },
                  "readOnly": {
                    "type": "boolean", "description": "Whether writes are refused because the leader was started with --read-only."
                  },
                  "cluster": {
                    "oneOf": [{ "$ref": "#/components/schemas/Cluster" }, { "type": "null" }],
                    "description": "The members of an etcd cluster. Null without one."
                  }
                }
              },
              "Cluster": {
                "type": "object", "required": ["id", "leader", "term", "revision", "alarms", "members"],
                "description": "What no member has told is null.",
                "properties": {
                  "id": { "type": ["string", "null"], "description": "In hex." },
                  "leader": { "type": ["string", "null"], "description": "The id of the member that leads. Null if none leads." },
                  "term": { "type": ["integer", "null"], "format": "int64" },
                  "revision": { "type": ["integer", "null"], "format": "int64" },
                  "alarms": { "type": ["array", "null"], "items": { "type": "string" }, "description": "NOSPACE or CORRUPT." },
                  "members": { "type": "array", "items": { "$ref": "#/components/schemas/Member" } }
                }
              },
              "Member": {
                "type": "object", "required": ["address", "failure", "leads", "learner"],
                "description": "A member that the location names.",
                "properties": {
                  "address": { "type": "string" },
                  "failure": {
                    "type": ["string", "null"], "description": "Why it did not answer. Then only the address is known."
                  },
                  "id": { "type": ["string", "null"], "description": "In hex." },
                  "version": { "type": ["string", "null"] },
                  "leads": { "type": "boolean" },
                  "learner": { "type": "boolean", "description": "It has no vote." },
                  "term": { "type": ["integer", "null"], "format": "int64" },
                  "revision": { "type": ["integer", "null"], "format": "int64" },
                  "sizeOnDisk": { "type": ["integer", "null"], "format": "int64" },
                  "sizeInUse": { "type": ["integer", "null"], "format": "int64" },
                  "quota": { "type": ["integer", "null"], "format": "int64", "description": "In bytes. Known from etcd 3.6 on." },
                  "alarms": { "type": ["array", "null"], "items": { "type": "string" } }
                }
              },
              "Document": { "type": "object", "required": ["openapi"], "properties": { "openapi": { "type": "string" } } }
            }
          }
        }
        """;
}
