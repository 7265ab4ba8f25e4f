/** The words that `random.Pet` draws from: short, plain, hard to mistake for each other. */

/** Say how. */
export const ADVERBS: readonly string[] = `
  ably aptly boldly briskly calmly clearly dearly deeply duly early easily evenly fairly firmly fondly
  freely fully gently gladly greatly grandly happily keenly kindly largely lightly loudly mainly mildly
  mostly neatly newly nicely openly partly plainly promptly proudly purely quickly quietly rarely readily
  richly rightly safely sharply simply slowly smoothly softly solidly soundly steadily subtly surely
  swiftly tidily truly vastly vividly warmly widely wisely
`.trim().split(/\s+/);

/** Say of what kind. */
export const ADJECTIVES: readonly string[] = `
  agile amber ample apt azure bold brave bright brisk bronze calm candid clever cobalt copper coral cosy
  crisp curious deft eager early fabled fair famous fleet fond frank gentle glad golden grand happy hardy
  honest humble jade jolly keen kind lively loyal lucid lucky mellow merry mighty modest neat nimble noble
  olive patient plucky polite prime proud quick quiet rapid ready robust rosy rustic sage scarlet serene
  sharp silver sleek smart snug solid spry stable steady stout sturdy subtle sunny sure swift tidy trusty
  upbeat valiant velvet vivid warm wise witty worthy zesty
`.trim().split(/\s+/);

/** Name one. */
export const ANIMALS: readonly string[] = `
  adder alpaca ant badger bat bear beaver bee beetle bison boar bobcat buffalo camel carp cat cheetah clam
  cobra cod condor coyote crab crane crow deer dingo dolphin donkey dove duck eagle eel egret elk emu
  falcon ferret finch fox frog gazelle gecko gibbon goat goose gopher grouse gull hare hawk hedgehog heron
  hippo horse ibex ibis iguana jackal jaguar jay koala lark lemur leopard lion lizard llama lobster lynx
  magpie mammoth marmot marten mole moose moth mouse mule newt ocelot octopus osprey otter owl ox oyster
  panda panther parrot pelican penguin pigeon pony puffin puma quail rabbit raccoon ram raven robin salmon
  seal shark sheep shrew shrimp skunk sloth snail sparrow spider squid stag stork swan tapir tern tiger
  toad toucan trout tuna turkey turtle viper vole walrus wasp weasel whale wolf wombat wren yak zebra
`.trim().split(/\s+/);
