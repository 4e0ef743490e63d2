"""The arena: every node, the unique table, the operation cache and the scratch stack in one array of 32-bit words.

One array, because every further array that is handed down a recursion costs time; 32 bits, because memory is what runs
out first. The head of the array says where its regions begin:

* ``STATIC``: the sizes of the levels and the relations, written by Python (:mod:`.twin`), read only here;
* ``STACK``: scratch for children that are being computed, since no frame may allocate;
* ``LEVEL``, ``PLACE``: the level of each node, and where its children begin in ``KIDS``;
* ``OCCURS``: for each node the values that occur at each level, a bit each, as ``relation.Occurrences`` has them but so
  that no level crosses a word; values from 31 on share a bit;
* ``UNIQUE``: a hash table of node numbers, open addressing, at most half full;
* ``CACHE``: a lossy hash table of results, four words an entry: three of the question, one of the answer.

Nodes are numbered as :class:`ccmproof.model.kernel.diagram.Store` numbers them: the same algorithm makes the same nodes
in the same order, whatever a lossy cache makes it compute twice.

A function that finds no room sets ``FULL_UP`` and returns anything; every caller sees the flag before it writes the
cache. Python then makes a larger arena and asks again, which is cheap, because the cache comes along.

All compiled functions are in this one file, because numba looks only at a function's own file when it asks whether what
it has stored is still true: a caller in another file would go on with the old version of what it calls.

Whoever edits here: numba infers types from the first use. Everything read is made a signed 64-bit number at once,
unsigned ones live inside :func:`mixed` only, and constants that a self-call is given are 64-bit numbers too; otherwise
a second process cannot load what the first one compiled.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NODES, KIDS_USED, NODE_ROOM, KIDS_ROOM, UNIQUE_MASK, CACHE_MASK, HEIGHT, FLOOR = range(8)
FULL_UP, STOP, STOP_AT, TOP, STATIC, STACK, LEVEL, PLACE, KIDS, UNIQUE, CACHE = range(8, 19)
LEVELS, RELATIONS, FORWARD, BACKWARD, BACKWARD_BY_SOME, BITS, OCCURS, WIDTH = range(19, 27)
HEAD = 32
"""Words of the head."""

UNION, BOTH, MINUS = map(np.int64, (1, 2, 3))
ZERO, ONE = map(np.int64, (0, 1))
ENTRY = 4
"""Words of an entry of the cache."""
SHIFT = 27
"""A question's last word has the operation above this bit and a number below it."""
MOST_NODES = 1 << SHIFT
ALL = 0xFFFFFFFF
"""A word of ones."""

compiled = njit(cache=True, nogil=True, error_model="numpy")


@compiled
def mixed(a, b, c):
    """A hash of three words."""
    h = (np.uint64(a) * np.uint64(0x9E3779B97F4A7C15)) ^ (np.uint64(b) * np.uint64(0xC2B2AE3D27D4EB4F))
    h ^= np.uint64(c) * np.uint64(0x165667B19E3779F9)
    h ^= h >> np.uint64(29)
    h *= np.uint64(0xBF58476D1CE4E5B9)
    h ^= h >> np.uint64(32)
    return np.int64(h & np.uint64(0x7FFFFFFF))


@compiled
def level_of(m, n):
    return np.int64(m[np.int64(m[LEVEL]) + n])


@compiled
def size_of(m, level):
    """The number of values of a level."""
    return np.int64(m[np.int64(m[LEVELS]) + level])


@compiled
def kids_of(m, n):
    """Where the children of a node begin."""
    return np.int64(m[KIDS]) + np.int64(m[np.int64(m[PLACE]) + n])


@compiled
def child(m, n, level, i):
    """The ``i``-th child of ``n`` as a node of ``level``, which is its own level or a higher one."""
    if np.int64(m[np.int64(m[LEVEL]) + n]) == level:
        return np.int64(m[np.int64(m[KIDS]) + np.int64(m[np.int64(m[PLACE]) + n]) + i])
    return n


@compiled
def descended(m, n, values, floor):
    """What ``n`` has on the levels up to ``floor`` where those above have the values, the lowest level first."""
    level = level_of(m, n)
    while level > floor:
        n = child(m, n, level, values[level - 1])
        level = level_of(m, n)
    return n


@compiled
def known(m, a, b, c):
    """The answer that the cache has to a question; -1 where it has none."""
    at = np.int64(m[CACHE]) + (mixed(a, b, c) & np.int64(m[CACHE_MASK])) * ENTRY
    if np.int64(m[at]) == a and np.int64(m[at + 1]) == b and np.int64(m[at + 2]) == c:
        return np.int64(m[at + 3])
    return np.int64(-1)


@compiled
def learn(m, a, b, c, answer):
    at = np.int64(m[CACHE]) + (mixed(a, b, c) & np.int64(m[CACHE_MASK])) * ENTRY
    m[at] = a
    m[at + 1] = b
    m[at + 2] = c
    m[at + 3] = answer


@compiled
def node(m, level, at):
    """The node of that level with the children that stand at ``at``; see ``Store.node``."""
    size = size_of(m, level)
    first = np.int64(m[at])
    same = True
    h = level
    for i in range(size):
        kid = np.int64(m[at + i])
        if kid != first:
            same = False
        h = mixed(h, kid, i)
    if same:
        return first
    mask, table = np.int64(m[UNIQUE_MASK]), np.int64(m[UNIQUE])
    slot = h & mask
    while True:
        found = np.int64(m[table + slot])
        if found == 0:
            break
        if level_of(m, found) == level:
            kids = kids_of(m, found)
            same = True
            for i in range(size):
                if m[kids + i] != m[at + i]:
                    same = False
                    break
            if same:
                return found
        slot = (slot + 1) & mask
    number, used = np.int64(m[NODES]), np.int64(m[KIDS_USED])
    if m[FULL_UP] or number >= np.int64(m[NODE_ROOM]) or used + size > np.int64(m[KIDS_ROOM]):
        m[FULL_UP] = 1
        return ZERO
    m[NODES] = number + 1
    if number + 1 >= np.int64(m[STOP_AT]):
        m[STOP] = 1
    m[KIDS_USED] = used + size
    m[np.int64(m[LEVEL]) + number] = level
    m[np.int64(m[PLACE]) + number] = used
    kids = np.int64(m[KIDS]) + used
    for i in range(size):
        m[kids + i] = m[at + i]
    m[table + slot] = number
    note_occurrences(m, level, number, kids, size)
    return number


@compiled
def note_occurrences(m, level, number, kids, size):
    """Fill in which values occur at each level of a new node."""
    width = np.int64(m[WIDTH])
    at = np.int64(m[OCCURS]) + number * width
    bits = np.int64(m[BITS]) + 2 * level
    place, shift = np.int64(m[bits]), np.int64(m[bits + 1])
    for w in range(place + 1):
        m[at + w] = 0
    for w in range(place + 1, width):
        m[at + w] = ALL
    own = ZERO
    for i in range(size):
        kid = np.int64(m[kids + i])
        if kid != 0:
            own |= ONE << min(shift + i, 31)
            below = np.int64(m[OCCURS]) + kid * width
            for w in range(place + 1):
                m[at + w] |= m[below + w]
    above = (np.int64(ALL) << min(shift + size, 32)) & ALL
    m[at + place] = (np.int64(m[at + place]) & ((ONE << shift) - 1)) | own | above


@compiled
def reserve(m, words):
    """So many words of scratch; whoever takes them puts ``TOP`` back."""
    at = np.int64(m[TOP])
    m[TOP] = at + words
    return at


@compiled
def combine(m, op, a, b):
    """Union, intersection or difference of two sets; see the operations of ``Store``."""
    if op == UNION:
        if a == b or b == 0:
            return a
        if a == 0:
            return b
        if a == 1 or b == 1:
            return ONE
    elif op == BOTH:
        if a == b or b == 1:
            return a
        if a == 1:
            return b
        if a == 0 or b == 0:
            return ZERO
    else:
        if a == 0 or a == b or b == 1:
            return ZERO
        if b == 0:
            return a
    if op != MINUS and a > b:
        a, b = b, a
    key = op << SHIFT
    found = known(m, a, b, key)
    if found >= 0:
        return found
    if m[FULL_UP]:
        return ZERO
    la, lb = level_of(m, a), level_of(m, b)
    level = max(la, lb)
    size = size_of(m, level)
    at = reserve(m, size)
    ka, kb = kids_of(m, a), kids_of(m, b)
    for i in range(size):
        x, y = a, b
        if la == level:
            x = np.int64(m[ka + i])
        if lb == level:
            y = np.int64(m[kb + i])
        m[at + i] = combine(m, op, x, y)
    found = node(m, level, at)
    m[TOP] = at
    if not m[FULL_UP]:
        learn(m, a, b, key, found)
    return found


@compiled
def moved(old, new):
    """Fill a larger arena, whose head is set, with the nodes of the old one and what its cache knows."""
    nodes = np.int64(old[NODES])
    new[NODES], new[KIDS_USED] = nodes, old[KIDS_USED]
    mask, table = np.int64(new[UNIQUE_MASK]), np.int64(new[UNIQUE])
    for i in range(np.int64(old[KIDS_USED])):
        new[np.int64(new[KIDS]) + i] = old[np.int64(old[KIDS]) + i]
    width = np.int64(old[WIDTH])
    for i in range(nodes * width):
        new[np.int64(new[OCCURS]) + i] = old[np.int64(old[OCCURS]) + i]
    for n in range(nodes):
        new[np.int64(new[LEVEL]) + n] = old[np.int64(old[LEVEL]) + n]
        new[np.int64(new[PLACE]) + n] = old[np.int64(old[PLACE]) + n]
        if n < 2:
            continue
        level = level_of(new, n)
        h, kids = level, kids_of(new, n)
        for i in range(size_of(new, level)):
            h = mixed(h, np.int64(new[kids + i]), i)
        slot = h & mask
        while new[table + slot] != 0:
            slot = (slot + 1) & mask
        new[table + slot] = n
    at = np.int64(old[CACHE])
    for _ in range(np.int64(old[CACHE_MASK]) + 1):
        if old[at + 2] != 0:
            learn(new, np.int64(old[at]), np.int64(old[at + 1]), np.int64(old[at + 2]), np.int64(old[at + 3]))
        at += ENTRY
    return ZERO


# -- saturation and single steps

SATURATED, LIFTED, CLOSED, IMAGE = map(np.int64, range(4))
"""Kinds of work: the methods of ``Saturation``."""
MOVES = 1 << 31
"""The bit of a relation that moves something."""
_CACHED = 4
"""Of the cache's operations: from this one on four for each way, then those of single steps."""
STEP, AFTER = 20, 22


@compiled
def relation_level(m, r):
    if r >= MOVES:
        return np.int64(m[np.int64(m[np.int64(m[RELATIONS]) + r - MOVES])])
    return level_of(m, r)


@compiled
def relation_row(m, r, i):
    """Where the moves of a relation from the value ``i`` of its level stand: their number, then pairs."""
    return np.int64(m[np.int64(m[np.int64(m[RELATIONS]) + r - MOVES]) + 1 + i])


@compiled
def applies(m, n, r):
    """Quick and rough: 0 where some level of ``n`` has no value that ``r`` can start from; see ``Relations``."""
    if r < MOVES:
        return ONE
    demands = np.int64(m[np.int64(m[np.int64(m[RELATIONS]) + r - MOVES]) - 1])
    occurs = np.int64(m[OCCURS]) + n * np.int64(m[WIDTH])
    for k in range(np.int64(m[demands])):
        if m[occurs + np.int64(m[demands + 1 + 2 * k])] & m[demands + 2 + 2 * k] == 0:
            return ZERO
    return ONE


@compiled
def top_of(m, n, within):
    return max(level_of(m, n), level_of(m, within))


@compiled
def work(m, kind, way, a, b, c, d):
    """One of the four kinds of work.

    ``way`` is the word of the head that has the table of events: which way time goes. The other arguments are those of
    the plain twin: ``SATURATED`` n, within; ``LIFTED`` n, low, high, within; ``CLOSED`` where the children stand,
    level, within; ``IMAGE`` n, relation, within.
    """
    if kind == SATURATED:
        n, within = a, b
        level = top_of(m, n, within)
        if n == 0 or n == within or level <= np.int64(m[FLOOR]) or m[STOP] or m[FULL_UP]:
            return n
        key = (_CACHED + (way - FORWARD) * 4) << SHIFT
        found = known(m, n, within, key)
        if found >= 0:
            return found
        size = size_of(m, level)
        at = reserve(m, size)
        for i in range(size):
            kid, inside = child(m, n, level, i), child(m, within, level, i)
            if kid != 0:
                low = top_of(m, kid, inside)
                kid = work(m, SATURATED, way, kid, inside, ZERO, ZERO)
                kid = work(
                    m,
                    LIFTED,
                    way,
                    kid,
                    low,
                    level - 1,
                    inside,
                )
            m[at + i] = kid
        found = work(m, CLOSED, way, at, level, within, ZERO)
        m[TOP] = at
        if not m[STOP] and not m[FULL_UP]:
            learn(m, n, within, key, found)
        return found

    table = np.int64(m[way])

    if kind == LIFTED:
        n, low, high, within = a, b, c, d
        while True:
            level = np.int64(m[table + 2 * low + 1])  # the next level that has events
            if level == 0 or level > high or n == 0 or n == within or m[STOP] or m[FULL_UP]:
                return n
            key = ((_CACHED + 1 + (way - FORWARD) * 4) << SHIFT) + low
            found = known(m, n, within, key)
            if found < 0:
                size = size_of(m, level)
                at = reserve(m, size)
                for i in range(size):
                    m[at + i] = n
                found = work(m, CLOSED, way, at, level, within, ZERO)
                m[TOP] = at
                if not m[STOP] and not m[FULL_UP]:
                    learn(m, n, within, key, found)
            n, low = found, level

    if kind == CLOSED:
        at, level, within = a, b, c
        rows = np.int64(m[table + 2 * level])
        if rows == 0:
            return node(m, level, at)
        size = size_of(m, level)
        queue = reserve(m, 2 * size)
        waits = queue + size
        first, many = ZERO, ZERO
        for i in range(size):
            m[waits + i] = 0
            if m[at + i] != 0 and m[np.int64(m[rows + i])] != 0:
                m[queue + many] = i
                m[waits + i] = 1
                many += 1
        while many > 0 and not m[STOP] and not m[FULL_UP]:
            i = np.int64(m[queue + first])
            first, many = (first + 1) % size, many - 1
            m[waits + i] = 0
            row = np.int64(m[rows + i])
            for k in range(np.int64(m[row])):
                j, r = np.int64(m[row + 1 + 2 * k]), np.int64(m[row + 2 + 2 * k])
                inside, before = child(m, within, level, j), np.int64(m[at + j])
                if inside == 0 or before == inside:
                    continue
                kid = np.int64(m[at + i])
                brought = work(m, IMAGE, way, kid, r, inside, ZERO)
                if brought == 0 or brought == before:
                    continue
                low = max(top_of(m, kid, inside), relation_level(m, r))
                brought = work(
                    m,
                    LIFTED,
                    way,
                    brought,
                    low,
                    level - 1,
                    inside,
                )
                joined = combine(m, UNION, before, brought)
                if m[FULL_UP]:
                    break
                if joined != before:
                    m[at + j] = joined
                    if m[waits + j] == 0 and m[np.int64(m[rows + j])] != 0:
                        m[queue + (first + many) % size] = j
                        m[waits + j] = 1
                        many += 1
        m[TOP] = queue
        return node(m, level, at)

    n, r, within = a, b, c
    if n == 0 or r == 0 or within == 0 or m[STOP] or m[FULL_UP]:
        return ZERO
    if r == 1 and within == 1:
        return n
    lr = relation_level(m, r)
    level = max(top_of(m, n, within), lr)
    if level <= np.int64(m[FLOOR]):
        return combine(m, BOTH, combine(m, BOTH, n, r), within)
    if applies(m, n, r) == 0:
        return ZERO
    moves = r >= MOVES
    key = ((_CACHED + (2 if moves else 3) + (way - FORWARD) * 4) << SHIFT) + (r - MOVES if moves else r)
    found = known(m, n, within, key)
    if found >= 0:
        return found
    size = size_of(m, level)
    at = reserve(m, size)
    for j in range(size):
        m[at + j] = 0
    for i in range(size):
        kid = child(m, n, level, i)
        if kid == 0:
            continue
        row, many = ZERO, ONE
        if lr == level:
            row = relation_row(m, r, i)
            many = np.int64(m[row])
        for k in range(many):
            j, rest = np.int64(i), r
            if lr == level:
                j, rest = np.int64(m[row + 1 + 2 * k]), np.int64(m[row + 2 + 2 * k])
            inside, before = child(m, within, level, j), np.int64(m[at + j])
            if inside == 0 or before == inside:
                continue
            brought = work(m, IMAGE, way, kid, rest, inside, ZERO)
            if brought != 0:
                low = max(top_of(m, kid, inside), relation_level(m, rest))
                brought = work(
                    m,
                    LIFTED,
                    way,
                    brought,
                    low,
                    level - 1,
                    inside,
                )
                m[at + j] = combine(m, UNION, before, brought)
    found = work(m, CLOSED, way, at, level, within, ZERO)
    m[TOP] = at
    if not m[STOP] and not m[FULL_UP]:
        learn(m, n, within, key, found)
    return found


@compiled
def closure(m, way, start, within):
    """See ``Saturation.closure``."""
    height = np.int64(m[HEIGHT])
    top = top_of(m, start, within)
    found = work(m, SATURATED, way, start, within, ZERO, ZERO)
    return work(m, LIFTED, way, found, top, height, within)


@compiled
def image(m, n, r):
    """The states to which a relation leads; see ``Relations.image``."""
    if n == 0 or r == 0 or m[FULL_UP]:
        return ZERO
    if r < MOVES:
        return combine(m, BOTH, n, r)
    if applies(m, n, r) == 0:
        return ZERO
    key = (STEP << SHIFT) + r - MOVES
    found = known(m, n, ONE, key)
    if found >= 0:
        return found
    ln, lr = level_of(m, n), relation_level(m, r)
    level = max(ln, lr)
    size = size_of(m, level)
    at = reserve(m, size)
    for j in range(size):
        m[at + j] = 0
    for i in range(size):
        kid = child(m, n, level, i)
        if kid == 0:
            continue
        if ln > lr:
            m[at + i] = image(m, kid, r)
            continue
        row = relation_row(m, r, i)
        for k in range(np.int64(m[row])):
            j = np.int64(m[row + 1 + 2 * k])
            brought = image(m, kid, np.int64(m[row + 2 + 2 * k]))
            m[at + j] = combine(m, UNION, np.int64(m[at + j]), brought)
    found = node(m, level, at)
    m[TOP] = at
    if not m[FULL_UP]:
        learn(m, n, ONE, key, found)
    return found


@compiled
def after(m, way, n, under):
    """The states that events of levels up to ``under`` lead to; see ``Rings.after``."""
    if n == 0 or under == 0 or m[FULL_UP]:
        return ZERO
    key = (AFTER << SHIFT) + under
    found = known(m, n, ONE, key)
    if found >= 0:
        return found
    table = np.int64(m[way])
    level = max(level_of(m, n), under)
    size = size_of(m, level)
    at = reserve(m, size)
    lower = under
    if level == under:
        lower = ZERO
        while True:  # the active level below this one
            higher = np.int64(m[table + 2 * lower + 1])
            if higher == under or higher == 0:
                break
            lower = higher
    for i in range(size):
        m[at + i] = after(m, way, np.int64(child(m, n, level, i)), lower)
    if level == under:
        rows = np.int64(m[table + 2 * level])
        for i in range(size):
            kid = child(m, n, level, i)
            if kid == 0:
                continue
            row = np.int64(m[rows + i])
            for k in range(np.int64(m[row])):
                j = np.int64(m[row + 1 + 2 * k])
                brought = image(m, kid, np.int64(m[row + 2 + 2 * k]))
                m[at + j] = combine(m, UNION, np.int64(m[at + j]), brought)
    found = node(m, level, at)
    m[TOP] = at
    if not m[FULL_UP]:
        learn(m, n, ONE, key, found)
    return found


# -- questions to sets

PROJECT, SHARED, MEET, MOVING = 24, 25, 26, 27


@compiled
def project(m, n, top):
    """What a set leaves on the levels up to ``top``; see ``Store.projection``."""
    level = level_of(m, n)
    if level <= top or m[FULL_UP]:
        return n
    key = PROJECT << SHIFT
    found = known(m, n, top, key)
    if found >= 0:
        return found
    found = ZERO
    for i in range(size_of(m, level)):
        kid = np.int64(m[kids_of(m, n) + i])
        if kid != 0 and found != 1:
            found = combine(m, UNION, found, project(m, kid, top))
    if not m[FULL_UP]:
        learn(m, n, top, key, found)
    return found


@compiled
def shared(m, a, b):
    """The environments of the intersection of two sets; see ``Relations.shared``."""
    if a == 0 or b == 0 or m[FULL_UP]:
        return ZERO
    floor = np.int64(m[FLOOR])
    level = max(level_of(m, a), level_of(m, b))
    if level <= floor:
        return combine(m, BOTH, a, b)
    if b == 1:
        return project(m, a, floor)
    key = SHARED << SHIFT
    found = known(m, a, b, key)
    if found >= 0:
        return found
    found = ZERO
    for i in range(size_of(m, level)):
        x, y = child(m, a, level, i), child(m, b, level, i)
        if x != 0 and y != 0 and found != 1:
            found = combine(m, UNION, found, shared(m, x, y))
    if not m[FULL_UP]:
        learn(m, a, b, key, found)
    return found


@compiled
def meet(m, a, b):
    """Have two sets a tuple in common? 1 or 0."""
    if a == 0 or b == 0:
        return ZERO
    if a == 1 or b == 1 or a == b:
        return ONE
    key = MEET << SHIFT
    if known(m, a, b, key) == 0:
        return ZERO
    level = max(level_of(m, a), level_of(m, b))
    for i in range(size_of(m, level)):
        if meet(m, np.int64(child(m, a, level, i)), np.int64(child(m, b, level, i))) != 0:
            return ONE
    learn(m, a, b, key, 0)
    return ZERO


@compiled
def moving(m, a, b):
    """The moving parts of the intersection of two sets; see ``Relations.moving``."""
    if a == 0 or b == 0 or m[FULL_UP]:
        return ZERO
    level = max(level_of(m, a), level_of(m, b))
    if level <= np.int64(m[FLOOR]):
        return meet(m, a, b)
    key = MOVING << SHIFT
    found = known(m, a, b, key)
    if found >= 0:
        return found
    size = size_of(m, level)
    at = reserve(m, size)
    for i in range(size):
        m[at + i] = moving(m, np.int64(child(m, a, level, i)), np.int64(child(m, b, level, i)))
    found = node(m, level, at)
    m[TOP] = at
    if not m[FULL_UP]:
        learn(m, a, b, key, found)
    return found


@compiled
def marked(m, n, seen):
    """Mark the nodes that a set is made of; children have lower numbers than their parent."""
    seen[n] = 1
    for here in range(n, 1, -1):
        if seen[here]:
            kids = kids_of(m, here)
            for i in range(size_of(m, level_of(m, here))):
                seen[np.int64(m[kids + i])] = 1
    return ZERO


@compiled
def counted(m, n, bottom, prime, seen, counts):
    """The number of tuples of the levels above ``bottom``, modulo a prime below 2**31; ``seen`` from :func:`marked`."""
    height = np.int64(m[HEIGHT])
    counts[0], counts[1] = 0, 1
    for here in range(2, n + 1):
        if not seen[here]:
            continue
        level = level_of(m, here)
        if level <= bottom:
            counts[here] = 1
            continue
        kids, total = kids_of(m, here), ZERO
        for i in range(size_of(m, level)):
            kid = np.int64(m[kids + i])
            if kid != 0:
                part = np.int64(counts[kid])
                for between in range(max(level_of(m, kid), bottom) + 1, level):
                    part = part * size_of(m, between) % prime
                total += part
        counts[here] = total % prime
    whole = np.int64(counts[n])
    for above in range(max(level_of(m, n), bottom) + 1, height + 1):
        whole = whole * size_of(m, above) % prime
    return whole


@compiled
def occurring(m, n, seen, width, occurs):
    """Mark the values that occur at each level, ``width`` flags a level from 1 on; ``seen`` from :func:`marked`."""
    height = np.int64(m[HEIGHT])
    for level in range(level_of(m, n) + 1, height + 1):
        for i in range(size_of(m, level)):
            occurs[level * width + i] = 1
    for here in range(2, n + 1):
        if not seen[here]:
            continue
        level, kids = level_of(m, here), kids_of(m, here)
        for i in range(size_of(m, level)):
            kid = np.int64(m[kids + i])
            if kid == 0:
                continue
            occurs[level * width + i] = 1
            for between in range(level_of(m, kid) + 1, level):
                for j in range(size_of(m, between)):
                    occurs[between * width + j] = 1
    return ZERO


@compiled
def spread(m, low, high, stride, width, bits):
    """Let the wanted levels between ``low`` and ``high`` take each of their values; none of them is told yet."""
    for level in range(low + 1, high):
        step = np.int64(stride[level])
        if step == 0:
            continue
        size = size_of(m, level)
        for c in range(width):
            if bits[c] and c // step % size == 0:
                for j in range(1, size):
                    bits[c + j * step] = 1
    return ZERO


@compiled
def combined(m, n, lowest, seen, stride, width, place, bits, here_bits):
    """For each node that is seen, which combinations of the wanted levels it has, as flags; the last row is the set's.

    A combination is a number: the sum of each value times its level's ``stride``, 0 for a level that is not wanted. A
    node below ``lowest``, the lowest wanted level, has one combination, unless it is empty. ``place`` is each seen
    node's row of ``bits``; row 1 is that of every node below.
    """
    bits[1, 0] = 1
    for here in range(2, n + 1):
        if not seen[here] or level_of(m, here) < lowest:
            continue
        level, kids, row = level_of(m, here), kids_of(m, here), np.int64(place[here])
        for i in range(size_of(m, level)):
            kid = np.int64(m[kids + i])
            if kid == 0:
                continue
            low = level_of(m, kid)
            from_row = np.int64(place[kid]) if low >= lowest else 1
            for c in range(width):
                here_bits[c] = bits[from_row, c]
            spread(m, max(low, lowest - 1), level, stride, width, here_bits)
            offset = i * np.int64(stride[level])
            for c in range(width):
                if here_bits[c]:
                    bits[row, c + offset] = 1
    level = level_of(m, n)
    for c in range(width):
        here_bits[c] = bits[np.int64(place[n]) if level >= lowest else 1, c]
    spread(m, max(level, lowest - 1), np.int64(m[HEIGHT]) + 1, stride, width, here_bits)
    return ZERO
