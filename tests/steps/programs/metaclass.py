"""Metaclasses, descriptors, __init_subclass__, __set_name__, __class_getitem__."""


class Meta(type):
    @classmethod
    def __prepare__(meta, name, bases, **kwargs):
        return {"prepared": True}

    def __new__(meta, name, bases, namespace, **kwargs):
        namespace["made_by"] = meta.__name__
        return super().__new__(meta, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **kwargs):
        super().__init__(name, bases, namespace)

    def __call__(cls, *args):
        return super().__call__(*args)

    def __instancecheck__(cls, instance):
        return True

    def __len__(cls):
        return 7


class Field:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return getattr(instance, self.name, 0)

    def __set__(self, instance, value):
        setattr(instance, self.name, value)

    def __delete__(self, instance):
        delattr(instance, self.name)


class Plugin:
    registry = []

    def __init_subclass__(cls, tag=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.registry.append(tag)

    def __class_getitem__(cls, item):
        return item


class Thing(Plugin, metaclass=Meta if False else type, tag="thing"):
    size = Field()


class Other(metaclass=Meta, option=1):
    size = Field()


t = Thing()
t.size = 3
t.size += 1
del t.size
Thing.size, Thing[int], len(Other), isinstance(3, Other)
o = Other()
o.size = 9
assert o.size == 9
