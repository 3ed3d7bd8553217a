"""The last layer of an encoder whose classifier reads nothing but the first token: computed for that token alone."""

from __future__ import annotations

from typing import Any

import torch
from transformers import BertForSequenceClassification
from transformers.models.bert.modeling_bert import BertLayer


class FirstTokenLayer(BertLayer):
    """A BERT layer that answers with the first token's state, shape (n, 1, hidden).

    Keys and values are those of all tokens; the query, the projection after it and the feed-forward network, ten of a
    layer's twelve products, are the first token's. Weights have the names and shapes that they have in the layer.
    """

    def forward(self, hidden_states: Any, attention_mask: Any = None, *others: Any, **more: Any) -> Any:
        """States of all tokens, shape (n, width, hidden), and the mask that the attention in use takes."""
        attention: Any = self.attention.self
        first = hidden_states[:, :1]

        def heads(states: Any) -> Any:
            return states.view(*states.shape[:-1], -1, attention.attention_head_size).transpose(1, 2)

        read = torch.nn.functional.scaled_dot_product_attention(
            heads(attention.query(first)),
            heads(attention.key(hidden_states)),
            heads(attention.value(hidden_states)),
            attn_mask=None if attention_mask is None else attention_mask[:, :, :1],
            dropout_p=attention.dropout.p if self.training else 0.0,
            scale=attention.scaling,
        )
        return self.feed_forward_chunk(self.attention.output(read.transpose(1, 2).flatten(2), first))


def first_token_only(model: Any) -> Any:
    """The same classifier, its last layer a :class:`FirstTokenLayer` where it is a BERT; others are left as they are.

    Logits and gradients stay what they were; the last of the hidden states ends after the first token, and that layer
    hands out no attention.
    """
    if type(model) is BertForSequenceClassification:
        model.bert.encoder.layer[-1].__class__ = FirstTokenLayer
    return model
