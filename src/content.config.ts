import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';

/** The report: a folder per language, a file per chapter. All languages have the same chapters, sections and figures. */
const report = defineCollection({
  loader: glob({ base: './src/content/report', pattern: '*/*.mdx' }),
  schema: z.object({
    chapter: z.int().min(1).max(9),
    /** As the report prints it: 一、项目概述 */
    title: z.string(),
    /** The title without its number, for the table of contents. */
    short: z.string(),
  }),
});

export const collections = { report };
