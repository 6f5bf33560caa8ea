import { DIMENSION_WORDS } from '../segments/segment-sentences';
import { percentText } from '../summary/plain-numbers';
import type { Direction, Interaction } from './interaction';
import { AXIS_DIMENSIONS, type AxisName } from './interaction-axes';

const MOST_CHANCE = 0.05;

/** Name an axis in words. @example axisWords('tag_webinar') // 'tag webinar' */
export function axisWords(name: AxisName): string {
  const dimension = AXIS_DIMENSIONS.find((known) => known === name);
  return dimension === undefined ? `tag ${name.replace(/^tag_/, '')}` : DIMENSION_WORDS[dimension].singular;
}

const DIRECTIONS: Readonly<Record<Direction, string>> = {
  rising: 'rises',
  falling: 'falls',
  level: 'neither rises nor falls beyond chance',
  mixed: 'rises and falls',
};

/** Say whether one axis changes what the other does, how strongly, and how conversion goes along each. */
export function interactionSentence(interaction: Interaction): string {
  const { along, up, test } = interaction;
  const names = `${axisWords(along.name)} and ${axisWords(up.name)}`;
  const ways = [
    directionText(interaction.alongDirection, along.name),
    directionText(interaction.upDirection, up.name),
  ].filter((text) => text !== null);
  const tail = ways.length === 0 ? '' : `; ${ways.join(', ')}`;
  if (test === null) return `Whether ${names} change each other’s effect cannot be tested${tail}.`;
  const chance = test.pValue < 0.001 ? 'p < 0.001' : `p = ${test.pValue.toFixed(3)}`;
  if (test.pValue > MOST_CHANCE) {
    return `The effects of ${names} add up: no interaction beyond chance (${chance})${tail}.`;
  }
  return `The effects of ${names} depend on each other: ${percentText(test.strength, 0)} of what lies between the cells only both together explain (${chance})${tail}.`;
}

function directionText(direction: Direction | null, name: AxisName): string | null {
  return direction === null ? null : `conversion ${DIRECTIONS[direction]} with the ${axisWords(name)}`;
}
