extension DerivationGraph {
    /// The format as a JSON Schema (draft 2020-12): the text of
    /// `docs/schema/derivation-graph.schema.json`, which a test compares. It is here because one
    /// binary is all there is.
    public static let jsonSchema = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "urn:bramble:derivation-graph:1",
          "title": "Bramble derivation graph, version 1",
          "description": "See docs/derivation-format.md, which says what a schema cannot say.",
          "type": "object",
          "required": ["schema"],
          "additionalProperties": false,
          "properties": {
            "schema": { "const": "bramble/derivation-graph/1" },
            "derivations": {
              "description": "Derivations by their hashes.",
              "type": "object",
              "minProperties": 1,
              "maxProperties": 1000000,
              "propertyNames": { "$ref": "#/$defs/hash" },
              "additionalProperties": { "$ref": "#/$defs/derivation" }
            },
            "roots": {
              "description": "The derivations that are wanted, sorted.",
              "type": "array",
              "minItems": 1,
              "uniqueItems": true,
              "items": { "$ref": "#/$defs/hash" }
            }
          },
          "$defs": {
            "hash": { "type": "string", "pattern": "^[a-z2-7]{32}$" },
            "platform": { "type": "string", "maxLength": 32, "pattern": "^[a-z0-9_]+-[a-z0-9_]+$" },
            "path": {
              "type": "string",
              "minLength": 1,
              "maxLength": 4095,
              "pattern": "^[^/]+(/[^/]+)*$",
              "not": { "pattern": "(^|/)[.][.]?(/|$)" }
            },
            "boolean": { "enum": ["true", "false"] },
            "derivation": {
              "type": "object",
              "required": ["name", "builder"],
              "additionalProperties": false,
              "properties": {
                "name": {
                  "type": "string",
                  "maxLength": 200,
                  "pattern": "^[A-Za-z0-9][A-Za-z0-9+._-]*$"
                },
                "builder": {
                  "description": "A program, by a path or a reference, or a built-in builder.",
                  "type": "string",
                  "minLength": 1
                },
                "args": { "type": "array", "minItems": 1, "items": { "type": "string" } },
                "env": {
                  "type": "object",
                  "minProperties": 1,
                  "propertyNames": { "pattern": "^[^=]+$", "not": { "pattern": "^BRAMBLE_" } },
                  "additionalProperties": { "type": "string" }
                },
                "outputs": {
                  "description": "The default one first; absent if it is [\"out\"].",
                  "type": "array",
                  "minItems": 1,
                  "maxItems": 256,
                  "uniqueItems": true,
                  "items": { "type": "string", "maxLength": 64, "pattern": "^[a-z][a-z0-9_]*$" },
                  "not": { "const": ["out"] }
                },
                "platform": { "$ref": "#/$defs/platform" },
                "target": { "$ref": "#/$defs/platform" },
                "sources": {
                  "type": "object",
                  "required": ["paths"],
                  "additionalProperties": false,
                  "properties": {
                    "base": { "$ref": "#/$defs/path" },
                    "package": {
                      "description": "The package that the paths are in; absent for the project.",
                      "type": "string",
                      "maxLength": 255,
                      "pattern": "^[A-Za-z0-9+._~-]+(/[A-Za-z0-9+._~-]+)*$",
                      "not": { "pattern": "(^|/)[.][.]?(/|$)" }
                    },
                    "paths": {
                      "description": "From the project's directory, sorted.",
                      "type": "array",
                      "minItems": 1,
                      "uniqueItems": true,
                      "items": { "$ref": "#/$defs/path" }
                    }
                  }
                },
                "links": {
                  "type": "object",
                  "minProperties": 1,
                  "propertyNames": { "pattern": "^/[^/]+(/[^/]+)*$" },
                  "additionalProperties": {
                    "type": "string",
                    "pattern": "^[{][{] [a-z2-7]{32}:[a-z][a-z0-9_]* [}][}](/[^/]+)*$"
                  }
                }
              },
              "allOf": [
                {
                  "if": { "properties": { "builder": { "enum": ["fetch_url", "fetch_git"] } } },
                  "then": {
                    "required": ["env"],
                    "properties": {
                      "args": false,
                      "links": false,
                      "outputs": false,
                      "platform": false,
                      "sources": false,
                      "target": false
                    }
                  },
                  "else": { "required": ["platform"] }
                },
                {
                  "if": { "properties": { "builder": { "const": "fetch_url" } } },
                  "then": {
                    "properties": {
                      "env": {
                        "required": ["url"],
                        "additionalProperties": false,
                        "properties": {
                          "url": {
                            "maxLength": 8192,
                            "pattern": "^(https?://[^/?#@]+[^#]*|file:///[^#]*)$"
                          },
                          "hash": { "pattern": "^sha256-[0-9a-f]{64}$" },
                          "unpack": { "$ref": "#/$defs/boolean" },
                          "executable": { "$ref": "#/$defs/boolean" },
                          "strip_components": { "pattern": "^(0|[1-9][0-9]{0,3})$" }
                        }
                      }
                    }
                  }
                },
                {
                  "if": { "properties": { "builder": { "const": "fetch_git" } } },
                  "then": {
                    "properties": {
                      "env": {
                        "required": ["url", "reference"],
                        "additionalProperties": false,
                        "properties": {
                          "url": { "maxLength": 8192, "pattern": "^(https?|file|ssh)://[^#]+$" },
                          "reference": { "maxLength": 255, "pattern": "^[^- ][^ ]*$" }
                        }
                      }
                    }
                  }
                },
                {
                  "if": { "properties": { "builder": { "const": "derivation_output" } } },
                  "then": { "required": ["args"] }
                }
              ]
            }
          }
        }

        """#
}
