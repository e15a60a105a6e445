// Uploads a folder's files into a new container and prints what opens it:
//   node container.mjs ENDPOINT ACCOUNT KEY CONTAINER FOLDER
// One line of JSON: the container's URL, a signature to read for an hour, and one that has expired.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobServiceClient, ContainerSASPermissions, SASProtocol, StorageSharedKeyCredential, generateBlobSASQueryParameters } from '@azure/storage-blob';

const [endpoint, account, key, name, folder] = process.argv.slice(2);
const credential = new StorageSharedKeyCredential(account, key);
const container = new BlobServiceClient(`${endpoint}/${account}`, credential).getContainerClient(name);
await container.createIfNotExists();
for (const file of await readdir(folder)) {
    await container.getBlockBlobClient(file).uploadFile(join(folder, file));
}

function signature(minutes) {
    return generateBlobSASQueryParameters({
        containerName: name,
        permissions: ContainerSASPermissions.parse('r'),
        protocol: SASProtocol.HttpsAndHttp,
        startsOn: new Date(Date.now() - 120 * 60000),
        expiresOn: new Date(Date.now() + minutes * 60000),
    }, credential).toString();
}

console.log(JSON.stringify({ url: container.url, sas: signature(60), expired: signature(-60) }));
