"""How it is drawn. What is to be seen is first put into one of two forms (:mod:`.form`): a graph, or a sequence.

:mod:`.actor`, :mod:`.network`, :mod:`.change` and :mod:`.causes` make graphs; :mod:`.run` and, of several runs put
together by :mod:`.compose`, :mod:`.workflow` make sequences: each from data of the model. :mod:`.formats` writes a form
as Mermaid, DOT, SVG or PNG, and keeps to what these can hold. What is kept of it is in `gallery/`.
"""
