"""How every form of the site is drawn: through the components, so that label, help, error and kept value look the same."""

from django.forms.renderers import DjangoTemplates


class PanohFormRenderer(DjangoTemplates):
    """Set as `FORM_RENDERER`: `{{ form }}` and `{{ form.name.as_field_group }}` use the components form and field."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
