import { z } from 'zod';

const digits = z.string().regex(/^\d{1,9}$/, { error: 'expected a whole number of at most 9 digits' });

/** Numbers of any kind, NaN among them: which of them may be there is said where the node is named. */
const numbersSchema = z.custom<readonly number[]>(
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'number'),
  { error: 'expected an array of numbers' },
);

const treeSchema = z.strictObject({
  id: z.int(),
  base_weights: numbersSchema,
  categories: numbersSchema,
  categories_nodes: numbersSchema,
  categories_segments: numbersSchema,
  categories_sizes: numbersSchema,
  default_left: numbersSchema,
  left_children: numbersSchema,
  loss_changes: numbersSchema,
  parents: numbersSchema,
  right_children: numbersSchema,
  split_conditions: numbersSchema,
  split_indices: numbersSchema,
  split_type: numbersSchema,
  sum_hessian: numbersSchema,
  tree_param: z.strictObject({
    num_deleted: digits,
    num_feature: digits,
    num_nodes: digits,
    /** "0" up to XGBoost 1.7, "1" from 2.0. */
    size_leaf_vector: digits,
  }),
});

/** One tree of a model file, of known keys only. */
export type ModelFileTree = z.infer<typeof treeSchema>;
export { treeSchema as modelFileTreeSchema };

const boosterSchema = z.strictObject({
  name: z.literal('gbtree'),
  model: z.strictObject({
    gbtree_model_param: z.strictObject({
      num_parallel_tree: digits,
      num_trees: digits,
      size_leaf_vector: digits.optional(),
    }),
    /** From XGBoost 2.0: the first tree of each round, and the number of trees last. */
    iteration_indptr: numbersSchema.optional(),
    tree_info: numbersSchema,
    trees: z.array(z.unknown()),
    /** From XGBoost 3.1: names of categories. */
    cats: z
      .strictObject({
        enc: z.array(z.unknown()),
        feature_segments: numbersSchema,
        sorted_idx: numbersSchema,
      })
      .optional(),
  }),
});

/** XGBoost's model file of objective `binary:logistic` and booster `gbtree`, of known keys only; its trees are left unread. */
export const modelFileSchema = z.strictObject({
  learner: z.strictObject({
    attributes: z.record(z.string(), z.string()),
    feature_names: z.array(z.string()),
    feature_types: z.array(z.string()),
    gradient_booster: boosterSchema,
    learner_model_param: z.strictObject({
      base_score: z.string(),
      boost_from_average: digits,
      num_class: digits,
      num_feature: digits,
      num_target: digits,
    }),
    objective: z.strictObject({
      name: z.literal('binary:logistic'),
      reg_loss_param: z.strictObject({ scale_pos_weight: z.string() }),
    }),
  }),
  version: z.tuple([z.int().min(1), z.int().min(0), z.int().min(0)]),
});

export type ModelFileDocument = z.infer<typeof modelFileSchema>;

/** What decides first whether a model is of a kind that is used here. */
export const modelKindSchema = z.object({
  learner: z.object({
    objective: z.object({ name: z.string() }),
    gradient_booster: z.object({ name: z.string() }),
  }),
});
