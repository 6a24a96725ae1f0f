"""A tool list and an OpenAPI document as others write them."""

import yaml

BOOK = {
    "type": "function",
    "function": {
        "name": "bookRoom",
        "description": "Book a room.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "Where."},
                "nights": {"type": "integer", "minimum": 1, "default": 2},
                "board": {"type": "string", "enum": ["none", "half", "full"]},
                "guests": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 4,
                    "items": {
                        "type": "object",
                        "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
                        "required": ["name"],
                        "additionalProperties": False,
                    },
                },
                "extras": {"type": "object", "additionalProperties": {"type": "string"}},
            },
            "required": ["city", "guests"],
            "additionalProperties": False,
        },
    },
}

FLAT = {"type": "function", "name": "list_rooms", "description": "List rooms.", "parameters": None, "strict": True}

PETS = yaml.safe_load("""
openapi: 3.0.3
info: {title: Pet Store, version: "1", description: "Pets for sale.\\nAnd more."}
servers: [{url: "http://127.0.0.1:{port}/v1", variables: {port: {default: "1"}}}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: List pets
      description: With a limit.
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 0, exclusiveMinimum: true}, description: At most.}
        - {name: tag, in: query, schema: {type: array, items: {type: string}}}
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: Authorization, in: header, schema: {type: string}}
        - {name: visit, in: cookie, content: {application/json: {schema: {type: string}}}}
      responses:
        "200":
          description: All.
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}}}
    post:
      operationId: addPet
      requestBody: {$ref: "#/components/requestBodies/NewPet"}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
        "409": {description: There is such a pet.}
  /pets/{petId}:
    parameters: [{$ref: "#/components/parameters/petId"}]
    get: {responses: {"200": {$ref: "#/components/responses/Pet"}, "404": {}}}
    put:
      operationId: renamePet
      requestBody: {required: true, content: {application/*: {schema: {type: string}}}}
      responses: {"2XX": {description: Done.}}
    patch:
      operationId: movePet
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {petId: {type: integer}, rooms: {type: array, items: {type: string}}}}
      responses: {"204": {description: Done.}}
components:
  parameters: {petId: {name: petId, in: path, required: true, schema: {type: string}}}
  requestBodies:
    NewPet: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewPet"}}}}
  responses:
    Pet: {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
  schemas:
    NewPet:
      type: object
      required: [name]
      properties:
        name: {type: string, example: Rex}
        tag: {type: string, nullable: true, description: A tag.}
        serial: {type: integer, readOnly: true}
    Pet:
      allOf:
        - {$ref: "#/components/schemas/NewPet"}
        - {type: object, required: [id], properties: {id: {type: integer}}, description: A pet.}
""")
