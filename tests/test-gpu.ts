import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';

/** `TEST_GPU=hardware` runs the tests of WebGPU on the machine's own GPU instead of one in software. */
export const onHardware = process.env['TEST_GPU'] === 'hardware';

/** glibc's, which Node does not list: the library stays although it is no module of Node's. */
const RTLD_NODELETE = 0x1000;

const DRIVER = 'vk_swiftshader_icd.json';
const LOADER = 'libvulkan.so.1';

/** Where Chromium lies, as Playwright, Debian and Google install it. */
function folders(): string[] {
  const programs = [process.env['CHROMIUM_PATH'], chromium.executablePath()].filter(
    (path) => path && existsSync(path),
  );
  return [
    ...programs.map((path) => dirname(realpathSync(path!))),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
  ];
}

/**
 * Lets this process use SwiftShader, the GPU in software that every Chromium for Linux brings along.
 * @returns whether there is one
 */
function useSwiftShader(): boolean {
  if (process.platform !== 'linux') return false;
  const folder = folders().find((path) => [DRIVER, LOADER].every((file) => existsSync(join(path, file))));
  if (!folder) return false;
  process.env['VK_ICD_FILENAMES'] = join(folder, DRIVER);
  // For processes that are started from here; this one has its loader already, or none.
  process.env['LD_LIBRARY_PATH'] = [folder, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  try {
    process.dlopen({ exports: {} }, join(folder, LOADER), constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch {
    // It is loaded, and no module of Node's: Dawn finds it by its name from now on.
  }
  return true;
}

/** Why there can be no tests of WebGPU in Node on this machine; null where there can. */
export const noTestGpu: string | null =
  onHardware || useSwiftShader()
    ? null
    : 'no Chromium for Linux was found, whose SwiftShader is the GPU of these tests';
