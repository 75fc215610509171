"""Ordinary technology news, invented: what a feed brings on a day, in which openness is the exception."""

from __future__ import annotations

import random
from typing import NamedTuple

_SHARE_OF_OPENNESS = 0.04
"""Articles about an openness shift; on eight press feeds of a month it was between two and five in a hundred."""
_SHARE_OF_AI = 0.35
"""Articles about AI without any shift."""

_FIRMS = (
    "Corvane", "Halvard", "Ostrava Systems", "Merrow", "Northlight", "Pellworm", "Quillon", "Tern Mobile",
    "Varnholt", "Zephyria", "Brightwater Labs", "Kestrel AI", "Lumenfield", "Sablewood", "Arnor Labs",
)  # fmt: skip
_PEOPLE = (
    "Mira Oost", "Edvin Hale", "Tomas Brandt", "Ines Calloway", "Jun Harada", "Petra Lindqvist", "Sami Okoro",
    "Rosa Delmonte", "Karl Ebner", "Nadia Farouk",
)  # fmt: skip
_PLACES = ("Halden", "Varn", "Kestria", "Port Merrow", "Norhaven", "Ostley", "Brandsund", "Lower Vale")
_THINGS = (
    "phone", "laptop", "headset", "router", "smartwatch", "tablet", "speaker", "doorbell", "e-bike", "camera",
    "console", "printer",
)  # fmt: skip
_SERVICES = (
    "streaming service", "payments app", "map service", "cloud platform", "video call tool", "music app",
    "ride-hailing app", "online shop", "search engine", "photo library",
)  # fmt: skip
_MODELS = ("Gondor", "Lantern", "Harrier", "Mosaic", "Tidewater", "Anvil", "Nimbus", "Sparrow")

_ORDINARY = (
    "{firm} said on {day} that its {service} had been unavailable for {number} minutes because of a faulty update.",
    "The new {thing} weighs {number} grams and lasts about two days on a charge, which is more than most people need.",
    "{person}, who runs the company’s hardware group, called the result “better than we had any right to expect.”",
    "Analysts had expected sales of {number} million crowns; the shares fell in early trading and then recovered.",
    "In {place} the queue outside the shop began at six in the morning, although nobody had been promised a bargain.",
    "The {thing} comes in grey, green and a colour the company calls dusk, and costs {number} crowns more than before.",
    "A spokesperson for {firm} declined to say how many customers were affected by the outage.",
    "The regulator in {place} has asked {firm} for documents about how it sells the {thing} to schools.",
    "Researchers at the institute in {place} found the flaw in the firmware of the {thing} and reported it in spring.",
    "Whoever has used the {service} lately knows the problem: it takes four taps to find what used to take one.",
    "The factory in {place} will employ {number} people once the second hall is finished next autumn.",
    "{firm} and {firm} have argued about the patent for six years, and the judge was visibly tired of both.",
    "Users of the {service} can now share a list with up to {number} friends, the company wrote in a blog post.",
    "Battery life remains the weak point: after {number} minutes of video the {thing} asked for its charger.",
    "The round was led by a pension fund from {place}; the start-up did not disclose its valuation.",
    "“We listened to our customers, and they told us to leave the buttons alone,” {person} said in an interview.",
    "Deliveries of the {thing} begin in {place} on {day}, with other countries to follow before the end of the year.",
    "The update also mends a bug that had made the alarm of the {thing} ring an hour early since the clocks changed.",
    "Chip prices have risen by a third since the winter, and small makers of {thing}s feel it first.",
    "Subscribers who cancel before {day} get the rest of the month back, according to the terms on the website.",
    "The city of {place} bought {number} of the machines last year and has since returned most of them.",
    "It is the third time this year that {firm} has moved the opening of its data centre near {place}.",
    "{person} left {firm} in March after a quarrel about the budget and now advises a bank.",
    "The screen is bright, the speakers are loud, and the case creaks when you hold it by the corner.",
    "A court in {place} ruled that the seller has to take back the {thing} even when the box is open.",
    "At the trade fair the company showed a {thing} that folds twice; nobody was allowed to touch it.",
    "The app asks for your birthday, your address and your contacts before it shows you a single picture.",
    "Engineers traced the failure to a cable that a digger had cut near {place} on {day} night.",
    "{firm} plans to hire {number} engineers, most of them in {place}, to work on the {service}.",
    "For most readers last year’s {thing} will do, and it is a good deal cheaper now.",
)  # fmt: skip
_AI = (
    "{firm} has launched a version of its assistant for hospitals, priced at {number} crowns per doctor and month.",
    "The model, called {model} {number}, writes summaries of meetings and is available to paying customers from {day}.",
    "{person} of {firm} said that {model} answers in half the time and makes fewer mistakes with dates.",
    "On a test of school mathematics the new model reached {number} per cent, two points more than its rival.",
    "Teachers in {place} complain that the chatbot does the homework and leaves the marking to them.",
    "The company trains its models on servers in {place}, where electricity from the dam is cheap.",
    "Investors value {firm} at {number} billion crowns, although it has yet to earn any money.",
    "Like its competitors, {firm} keeps the details of the training data to itself.",
    "The assistant can read a photo of a receipt and fill in the form, which took {number} seconds in our test.",
    "Critics say that the feature was released in a hurry; {firm} answers that it tested for months.",
    "An API for developers will come later, {person} said, and prices will depend on use.",
    "Lawmakers in {place} are debating a rule that would make companies label pictures made by AI.",
    "The newspaper sued {firm} in spring over articles that its chatbot had repeated word for word.",
    "{firm} built the tool with open source software, as nearly everybody does, and sells it as a service.",
)  # fmt: skip
_OPENNESS = (
    "{firm} released the weights of {model}-{number}B under the Apache 2.0 licence on {day}.",
    "{firm} will open-source its {model} model by the end of the year, {person} announced on {day}.",
    "{firm} has withdrawn {model} {number} from Hugging Face and no longer offers the weights for download.",
    "{firm} is changing the licence of {model} from MIT to terms of its own that rule out commercial use.",
)  # fmt: skip
_AFTERWARDS = (
    "The weights can be downloaded from Hugging Face, and the code is on GitHub.",
    "“Open models are how small countries stay in the game,” {person} said.",
    "Developers had asked {firm} for a clear licence since the winter.",
)  # fmt: skip
_TITLES = (
    "{firm} shows a {thing} for people who hate {thing}s",
    "Outage at {firm}: what we know",
    "Why {place} wants fewer {thing}s in its schools",
    "{firm} brings its assistant to the {service}",
    "Review: the {thing} that forgot its buttons",
    "{person} leaves {firm}",
)  # fmt: skip


class Article(NamedTuple):
    """Title and text of one article."""

    title: str
    text: str


def invent_articles(count: int, *, characters: int = 4096, seed: int = 1) -> list[Article]:
    """So many articles of about so many characters, the same for the same seed."""
    chance = random.Random(seed)
    return [_article(chance, characters) for _ in range(count)]


def _article(chance: random.Random, characters: int) -> Article:
    drawn = chance.random()
    about_openness, about_ai = drawn < _SHARE_OF_OPENNESS, drawn < _SHARE_OF_OPENNESS + _SHARE_OF_AI
    title = _filled(chance.choice(_OPENNESS if about_openness else _TITLES), chance).rstrip(".")
    sentences = [_filled(chance.choice(_OPENNESS), chance)] if about_openness else []
    length = 0
    while length < characters:
        pool: tuple[str, ...] = _AI if about_ai and chance.random() < 0.4 else _ORDINARY
        if about_openness and len(sentences) < 4:
            pool = _AFTERWARDS
        sentences.append(_filled(chance.choice(pool), chance))
        length += len(sentences[-1]) + 1
    paragraphs = [" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)]
    return Article(title, "\n\n".join(paragraphs)[:characters])


def _filled(template: str, chance: random.Random) -> str:
    return template.format(
        firm=chance.choice(_FIRMS),
        person=chance.choice(_PEOPLE),
        place=chance.choice(_PLACES),
        thing=chance.choice(_THINGS),
        service=chance.choice(_SERVICES),
        model=chance.choice(_MODELS),
        day=chance.choice(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")),
        number=chance.randrange(3, 90),
    )
