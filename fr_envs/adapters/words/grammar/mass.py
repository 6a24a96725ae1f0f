"""Nouns that nobody counts: some sugar, and not a sugar."""

from __future__ import annotations

from fr_envs.adapters.words.grammar.verbs import words_of

__all__ = ["is_mass"]

_MASS = words_of(
    "advice anise asphalt bacon baggage barley basil beef beer bread broccoli bulgur butter carbon cash cashmere "
    "cement chalk charcoal cheese chicken chocolate cider cinnamon clay cloth clothing coal cocoa coffee compost "
    "concrete copper cotton couscous cream cutlery denim diesel dough dust electricity equipment fabric feed felt "
    "fertiliser fertilizer fish flax fleece flour foam foil food fruit fuel furniture garlic gas gasoline ginger "
    "glass glue gold grain grass gravel grease ham hay heat honey hummus ice ink insulation iron jam jewellery "
    "juice jute lace lamb lard latex lead leather lime linen lotion luggage lumber lycra maize manure margarine "
    "marzipan mayonnaise meat milk millet mince money mortar moss mulch music mustard news nylon oatmeal oats oil "
    "ointment oxygen paint paper parchment parsley pasta pepper pesto petrol plaster plasterboard plastic "
    "polyester polythene porcelain pork porridge powder quinoa rain resin ribbon rice rubber saffron salmon salt "
    "sand satin sauce sawdust seaweed seed semolina shampoo sherry silicone silk silver slate soap soda soil soup "
    "soy spaghetti spinach staff starch steel stone straw string suet sugar sunscreen syrup tape tarmac tea "
    "thread thyme timber tin toast tobacco tofu toothpaste tulle tuna turf tweed twine varnish velvet vinegar "
    "vinyl wallpaper water wax wheat wine wire wood wool yarn yeast yoghurt yogurt"
)


def is_mass(text: str) -> bool:
    """Return True if a noun, or the last of several words, is one of what is weighed or poured and not counted.

    Example:
        >>> is_mass("oat milk"), is_mass("oil filter"), is_mass("eggs")
        (True, False, False)
    """
    words = text.lower().split()
    return bool(words) and words[-1] in _MASS
