"""The sentences of thoughts that decide something; places and choices as in ``fr_synth.build.thought.frames``.

Each is used only where every place of it can be filled, and its move only where its condition holds.
"""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES: dict[str, tuple[str, ...]] = {
    # ------------------------------------------------------------------------- before a look-up: an identifier lacks
    "id_lacks": (
        "I need the id of {words}; {source} has it.",
        "I only have the {member} of the {noun}, so {source} comes first, for the id.",
        "I have the {member} of the {noun}, but not the id. {Source} has both.",
        "No id for {words} yet; it stands in {source}.",
        "The id of {words} is missing, so {source} comes first.",
        "What is the id of {words}? {Source} <tells|will tell>.",
        "First {source}: I need the id of {words}.",
        "I don't have the id of {words} yet, so first {source}.",
        "{Source} comes first, for the id of {words}.",
        "The id of {words} is in {source}, so I look there first.",
        "To go on I need the id of {words}; {source} should have it.",
        "The id of {words} has to come from {source}.",
        "Only the id of {words} is missing; {source} tells.",
        "Before anything else: the id of {words}, from {source}.",
        "The id of {words} isn't known yet, but {source} has it.",
        "First the id of {words}, which {source} gives.",
    ),
    "value_lacks": (
        "I don't know the {noun} yet; {source} has it.",
        "The {noun} is missing, and {source} should have it.",
        "First {source}, for the {noun}.",
        "{Words} isn't known yet; {source} tells.",
        "What {words} is, {source} has to say.",
        "I have to look up the {noun} in {source}.",
    ),
    # --------------------------------------------------------------------------------- several requests: which first
    "feeds": (
        "First {source}; the {target} should be in it.",
        "{Source} first, <since|because> {doing} needs the {noun} from it.",
        "In order: {source}, then {doing} with the {noun} from it.",
        "{Doing} comes second; the {noun} for it should stand in {source}.",
    ),
    "makes": (
        "The second part needs the {noun} that the first one makes, so one after the other.",
        "In order: there has to be the new {noun} before I can {verb} it.",
        "The {noun} to {verb} comes out of the first step, so that goes first.",
    ),
    # --------------------------------------------------------------------------------------- after it: which one it is
    "by_name": (
        "{Label} is {value}{special}.",
        "There it is: {label}, {value}{special}.",
        "{Label} stands there as {value}{special}.",
        "{value} is {label}{special}.",
        "The id of {label} is {value}{special}.",
        "{Count} {things}, and {label} is {value}{special}.",
        "Found: {label} has the id {value}{special}.",
        "The list says {value} for {label}{special}.",
        "In the list, {label} has the id {value}{special}.",
        "That gives {value} for {label}{special}.",
    ),
    "by_trait": (
        "{Count} {things}, and only {label} fits {trait}: {value}{special}.",
        "{Count} {things}, one with {trait}: {label}, {value}{special}.",
        "Only one of the {things} has {trait}: {label}, {value}{special}.",
        "For {trait} there is one entry: {label}, {value}{special}.",
    ),
    "by_trait_bare": (
        "{Count} {things}, and only {value} fits {trait}{special}.",
        "Only one of the {things} has {trait}: {value}{special}.",
        "{Count} {things}, one with {trait}: {value}{special}.",
        "For {trait} there is one entry: {value}{special}.",
    ),
    "by_words": (
        "{Trait} is {value}{special}.",
        "The id of {trait} is {value}{special}.",
        "{Count} {things}, and {trait} is {value}{special}.",
    ),
    "sole": (
        "There is just one: {label}, {value}{special}.",
        "{Label} is the only one there, {value}{special}.",
        "No choice to make: the list holds {label} alone, {value}{special}.",
    ),
    "sole_bare": (
        "There is just one, {value}{special}.",
        "One row came back, {value}, so that is it{special}.",
        "No choice to make: the list holds {value} alone{special}.",
    ),
    "by_person": (
        "{trait} has one {noun} there, {value}{special}.",
        "{trait}'s {noun} is {value}{special}.",
        "{Count} {things}, one of them {trait}'s: {value}{special}.",
        "Among the {things}, {value} is {trait}'s{special}.",
    ),
    "still_there": (
        "A look at {source} first, to see how the {noun} stands.",
        "First I check {source}: does the {noun} still stand?",
        "{Source} shows how the {noun} stands now.",
    ),
    "least": (
        "The lowest {member} is {figure}: {value}.",
        "By {member}, {value} is lowest at {figure}.",
        "Compared by {member}, the least is {figure}, so {value}.",
    ),
    "most": (
        "The highest {member} is {figure}: {value}.",
        "By {member}, {value} is highest at {figure}.",
        "Compared by {member}, the most is {figure}, so {value}.",
    ),
    "earliest": (
        "The earliest {member} is {figure}: {value}.",
        "By {member}, {value} comes first, at {figure}.",
    ),
    "latest": (
        "The latest {member} is {figure}: {value}.",
        "By {member}, {value} comes last, at {figure}.",
    ),
    "known": (
        "{Label} was in the list before: {value}{special}.",
        "{Label} is {value}, as listed earlier, so no new look-up{special}.",
        "The earlier list has {label} as {value}{special}.",
        "No need to look {label} up again: {value}{special}.",
        "{Label} stood in the earlier list with the id {value}{special}.",
        "I know {label} from before: {value}{special}.",
        "The id of {label} has come up already, {value}{special}.",
        "From the list above, {label} has the id {value}{special}.",
        "{value} is {label}, by the list from before{special}.",
        "The list is still at hand: {label} is {value}{special}.",
    ),
    "known_person": (
        "{trait}'s {noun} was in the list before: {value}{special}.",
        "The earlier list has one {noun} of {trait}, {value}{special}.",
        "No new look-up needed: {trait}'s {noun} is {value}{special}.",
        "I know {trait}'s {noun} from before: {value}{special}.",
        "{trait}'s {noun} stood in the earlier list, {value}{special}.",
        "The id of {trait}'s {noun} has come up already: {value}{special}.",
        "From the list above, {trait}'s {noun} is {value}{special}.",
        "The list is still at hand: {value} is {trait}'s {noun}{special}.",
    ),
    "known_trait": (
        "{Trait} was in the list before: {value}{special}.",
        "The earlier list has {trait} once, {value}{special}.",
        "No new look-up needed: {trait} is {value}{special}.",
        "I know {trait} from before: {value}{special}.",
        "{Trait} stood in the earlier list, {value}{special}.",
        "The id of {trait} has come up already: {value}{special}.",
        "From the list above, {trait} is {value}{special}.",
        "The list is still at hand: {value} is {trait}{special}.",
    ),
    "member_of": (
        "{Source} has {value} for that.",
        "So the {noun} is {value}.",
        "The {noun} there is {value}.",
    ),
    "taken": (
        "Now the {noun} is known: {value}.",
        "The {noun} is {value}, so {doing} can go on.",
        "{value} is the {noun} that was missing.",
    ),
    # ------------------------------------------------------------------------------------------------ before a reply
    "too_many": (
        "{Count} {things} are too many to name one by one: the number, and the first few.",
        "{Count} {things} came back. I tell the number and name the first few.",
        "A list of {count} {things} is too long to read out; the first few will do, with the number.",
    ),
    "none": (
        "The list is empty, so there are no {things} to tell of.",
        "No {things} came back: then there are none.",
        "Nothing matches, and that is the answer.",
    ),
    "adds_up": (
        "{sum}, as the result says.",
        "A check of the figures: {sum}.",
        "{sum}, so the figures agree.",
    ),
}
