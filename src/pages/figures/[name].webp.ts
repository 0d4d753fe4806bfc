import type { APIRoute, GetStaticPaths } from 'astro';
import { strips, testImages } from '../../site/chosen-images.ts';
import { cutStrip } from '../../site/image-sheets.ts';

export const getStaticPaths: GetStaticPaths = () =>
  Object.entries(strips)
    .filter(([, ids]) => ids.length > 0)
    .map(([name, ids]) => ({ params: { name }, props: { ids } }));

/** A row of test images as a picture of its own: `/figures/predictions.webp`. */
export const GET: APIRoute<{ ids: number[] }> = async ({ props }) =>
  new Response(new Uint8Array(await cutStrip(testImages, props.ids)), {
    headers: { 'Content-Type': 'image/webp' },
  });
