"""A plugin: scores the words of a text by how much they tell (TF-IDF over its sentences)."""

import json
import math


def words_of(sentence):
    """The words of a sentence, in lower case, without punctuation."""
    words = []
    for word in sentence.lower().split():
        word = word.strip(",;:!?\"'()")
        if word:
            words.append(word)
    return words


def scores(text):
    """A score for each word: high when it is frequent in few sentences."""
    sentences = [words_of(part) for part in text.split(".") if part.strip()]
    frequency = {}
    spread = {}
    for sentence in sentences:
        for word in sentence:
            frequency[word] = frequency.get(word, 0) + 1
        for word in set(sentence):
            spread[word] = spread.get(word, 0) + 1
    return {
        word: round(count * math.log((1 + len(sentences)) / spread[word]), 3)
        for word, count in frequency.items()
    }


request = json.loads(input())
found = scores(request["text"])
best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[: request.get("top", 3)]
print(json.dumps({"words": len(found), "best": [list(pair) for pair in best]}))
