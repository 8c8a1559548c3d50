// node perfetto.mjs FOLDER TRACE SQL...: opens a trace with Perfetto's own importer and prints the rows of each query,
// a line of JSON. FOLDER has the engine of ui.perfetto.dev (engine_bundle.js and its trace_processor*.wasm), as ./dev perfetto
// fetches it.
import {readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import vm from 'node:vm';

// Protocol buffers, as far as Perfetto's trace_processor.proto needs them here.
const Field = {VARINT: 0, FIXED64: 1, BYTES: 2, FIXED32: 5};
function varint(value) {
    const bytes = [];
    for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
    return Buffer.from([...bytes, value]);
}
function encode(fields) { // [[number, an integer or bytes], ...]
    return Buffer.concat(fields.flatMap(([number, value]) => typeof value === 'number'
        ? [varint(number * 8 + Field.VARINT), varint(value)]
        : [varint(number * 8 + Field.BYTES), varint(value.length), value]));
}
function* varintsOf(bytes) {
    for (let at = 0, shift = 0n, value = 0n; at < bytes.length; ++at) {
        value |= BigInt(bytes[at] & 127) << shift;
        shift += 7n;
        if (bytes[at] > 127) continue;
        yield [BigInt.asIntN(64, value), at + 1];
        value = shift = 0n;
    }
}
function* decode(bytes) { // the fields of a message: [number, an integer or bytes]
    while (bytes.length) {
        const next = () => {
            const [value, length] = varintsOf(bytes).next().value;
            bytes = bytes.subarray(length);
            return value;
        };
        const key = Number(next()), kind = key & 7;
        if (kind === Field.VARINT) {
            yield [key >> 3, next()];
            continue;
        }
        const length = kind === Field.FIXED64 ? 8 : kind === Field.FIXED32 ? 4 : Number(next());
        yield [key >> 3, bytes.subarray(0, length)];
        bytes = bytes.subarray(length);
    }
}

// The engine is made for a web worker: it reads its WebAssembly by XMLHttpRequest and talks through a message port.
function startEngine(folder) {
    const replies = [];
    const port = {postMessage: bytes => replies.push(Buffer.from(bytes))};
    const worker = vm.createContext({
        TextDecoder, TextEncoder, URL, performance, crypto, setTimeout, clearTimeout, setInterval, clearInterval,
        console: {log() {}, warn() {}, error() {}},
        location: {href: 'file:///engine_bundle.js'},
        WorkerGlobalScope: Object,
        XMLHttpRequest: class {
            open(method, url) { this.url = url }
            send() { this.response = readFileSync(join(folder, basename(this.url))) }
        },
    });
    worker.self = worker;
    vm.runInContext(readFileSync(join(folder, 'engine_bundle.js'), 'utf8'), worker);
    worker.onmessage({data: port});
    const Bytes = vm.runInContext('Uint8Array', worker);
    let sequence = 0;
    return (method, ...arguments_) => {
        const rpc = encode([[1, ++sequence], [2, method], ...arguments_]);
        port.onmessage({data: Bytes.from(encode([[1, rpc]]))});
        return replies.splice(0).flatMap(stream => [...decode(stream)].map(([, reply]) => [...decode(reply)]));
    };
}

const Method = {APPEND: 1, FINALIZE: 2, QUERY: 3};
const Rpc = {APPEND_DATA: 101, QUERY_ARGS: 103, APPEND_RESULT: 201, QUERY_RESULT: 203};
const Cell = {NULL: 1, VARINT: 2, FLOAT64: 3, STRING: 4};

function query(ask, sql) {
    const columns = [], cells = [];
    const results = ask(Method.QUERY, [Rpc.QUERY_ARGS, encode([[1, Buffer.from(sql)]])]).flat()
        .filter(([field]) => field === Rpc.QUERY_RESULT).flatMap(([, result]) => [...decode(result)]);
    for (const [field, value] of results) {
        if (field === 2) throw new Error(value.toString());
        if (field === 1) columns.push(value.toString());
        if (field !== 3) continue;
        const batch = [...decode(value)];
        const part = number => Buffer.concat(batch.filter(([of]) => of === number).map(([, bytes]) => bytes));
        const integers = varintsOf(part(2)), texts = part(5).toString().split('\0'), floats = part(3);
        let float = 0, text = 0;
        for (const [kind] of varintsOf(part(1)))
            cells.push(Number(kind) === Cell.VARINT ? Number(integers.next().value[0])
                : Number(kind) === Cell.FLOAT64 ? floats.readDoubleLE(8 * float++)
                : Number(kind) === Cell.STRING ? texts[text++] : null);
    }
    const rows = [];
    while (cells.length) {
        const row = cells.splice(0, columns.length);
        rows.push(Object.fromEntries(columns.map((name, i) => [name, row[i]])));
    }
    return rows;
}

const [folder, trace, ...queries] = process.argv.slice(2);
try {
    const ask = startEngine(folder);
    await new Promise(resolve => setTimeout(resolve)); // the engine becomes ready
    ask(Method.APPEND, [Rpc.APPEND_DATA, readFileSync(trace)]);
    ask(Method.FINALIZE);
    for (const sql of queries) console.log(JSON.stringify(query(ask, sql)));
} catch (error) {
    console.error(`perfetto.mjs: ${error.message}`);
    process.exitCode = 1;
}
