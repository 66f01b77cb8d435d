"""What a practice page sends beside the answer itself."""

from django import forms


class AnswerForm(forms.Form):
    """Which question was answered: its place in the round and the version that was shown. `skip`: not known."""

    place = forms.IntegerField(min_value=1, max_value=1000)
    version = forms.IntegerField(min_value=1)
    skip = forms.BooleanField(required=False)
