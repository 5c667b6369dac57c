// Writes the client's types from the server's OpenAPI document (`laotie openapi`).
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const document = JSON.parse(await readFile('openapi.json', 'utf8'));

// We call by path; without operation ids the types stand where they are used.
for (const item of Object.values(document.paths)) {
  for (const operation of Object.values(item)) delete operation.operationId;
}

const types = await openapiTS(document, { emptyObjectsUnknown: true });
await writeFile('src/api/schema.d.ts', `// Generated from openapi.json by \`npm run generate\`.\n${astToString(types)}`);
