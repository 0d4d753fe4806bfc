/**
 * Run as a separate process: looks for a GPU through Dawn and writes what it is as JSON, or null. Drivers and Dawn print
 * lines to stderr and, when they are broken, end their process: here they disturb nobody.
 */
import { writeSync } from 'node:fs';
import { create, globals } from 'webgpu';

Object.assign(globalThis, globals);
const adapter = await create([]).requestAdapter({ powerPreference: 'high-performance' });
const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {};
writeSync(1, JSON.stringify(adapter && { vendor, architecture, device, description, isFallbackAdapter }));
process.exit(0);
