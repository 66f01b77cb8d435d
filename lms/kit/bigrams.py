"""Chinese text as words that any full-text index understands.

Chinese is written without spaces, so an index that splits at spaces stores whole clauses as one word.
We store every character and every pair of neighbours (the usual bigram index, e.g. Lucene's CJKBigramFilter)
and ask for the pairs of the query: 有限空间 → 有限 AND 限空 AND 空间. A single character asks for itself.
"""

import re
from itertools import pairwise

RUN = re.compile(r"(?P<han>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)|(?P<word>[^\W\u3400-\u9fff\uf900-\ufaff]+)")


def index_words(text: str) -> str:
    """`text` for the index: words of other scripts as they are, Chinese as characters and pairs.

    >>> index_words("PVC管，有限空间")
    'PVC 管 有 限 空 间 有限 限空 空间'
    """
    words: list[str] = []
    for run in RUN.finditer(text):
        words += [*run["han"], *pairs(run["han"])] if run["han"] else [run["word"]]
    return " ".join(words)


def query_words(text: str) -> list[str]:
    """What to ask the index for; all of the words must be there. Punctuation is dropped.

    >>> query_words("有限空间 池")
    ['有限', '限空', '空间', '池']
    """
    words: list[str] = []
    for run in RUN.finditer(text):
        words += pairs(run["han"]) or [run["han"]] if run["han"] else [run["word"]]
    return list(dict.fromkeys(words))


def pairs(run: str) -> list[str]:
    """Neighbouring characters of a run: 有限空 → 有限, 限空."""
    return [first + second for first, second in pairwise(run)]
