import { z } from 'zod';
import { fail, type Result, succeed } from '@/lib/core/result';

const numbersSchema = z.array(z.number());
const indicesSchema = z.array(z.int());

const treeSchema = z.object({
  left_children: indicesSchema,
  right_children: indicesSchema,
  split_indices: indicesSchema,
  /** Threshold of a split, or value of a leaf. */
  split_conditions: numbersSchema,
  /** 0 or 1; booleans in files of the first versions. */
  default_left: z.array(z.union([z.literal(0), z.literal(1), z.boolean()])),
  /** 0 = numeric split, 1 = categorical. */
  split_type: indicesSchema.optional(),
  loss_changes: numbersSchema,
  sum_hessian: numbersSchema,
  tree_param: z.object({ size_leaf_vector: z.string().optional() }),
});

/** What is read of the document of XGBoost's model file; all else in it is left aside. */
const modelSchema = z.object({
  learner: z.object({
    learner_model_param: z.object({
      base_score: z.string(),
      num_class: z.string(),
      num_feature: z.string(),
      num_target: z.string().optional(),
    }),
    objective: z.object({ name: z.string() }),
    gradient_booster: z.object({
      name: z.string(),
      weight_drop: numbersSchema.optional(),
      model: z.object({ trees: z.array(z.unknown()), weight_drop: numbersSchema.optional() }).optional(),
    }),
  }),
});

/** One tree as XGBoost writes it: parallel arrays over its nodes, node 0 the root. */
export type XgboostJsonTree = z.infer<typeof treeSchema>;
/** The parts of XGBoost's model that scoring needs. */
export type XgboostJson = z.infer<typeof modelSchema>;

/** Parse the document of an XGBoost model file, of either format. Failures have the code `model_unreadable`. */
export function parseXgboostDocument(document: unknown): Result<XgboostJson> {
  return parsedWith(modelSchema, document, 'model');
}

/** Parse one tree of the model; `treeIndex` counts from 0 and is named in the failure, whose code is `model_unreadable`. */
export function parseXgboostTree(tree: unknown, treeIndex: number): Result<XgboostJsonTree> {
  return parsedWith(treeSchema, tree, `tree ${treeIndex}`);
}

function parsedWith<T>(schema: z.ZodType<T>, value: unknown, what: string): Result<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return succeed(parsed.data);
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') || what;
  return unreadable(
    `The ${what} is not as XGBoost writes it at ${path}: ${issue?.message ?? 'unknown shape'}.`,
  );
}

function unreadable(message: string) {
  return fail('model_unreadable', message, 'Save the model again with XGBoost.');
}
